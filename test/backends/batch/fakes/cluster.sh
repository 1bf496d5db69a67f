# What the fake commands of all engines have in common: jobs are directories, tasks are processes of this machine that start at once.
# Knows no engine's words. To be sourced; $FAKE_CLUSTER is the directory.
#
#   $FAKE_CLUSTER/<id>/name, count        of a job: an array, or a single one with count 0
#   $FAKE_CLUSTER/<id>/<task>.pid         its leader, once it has started
#   $FAKE_CLUSTER/<id>/<task>.status      its exit status, once it has ended
#   $FAKE_CLUSTER/<id>/<task>.cancelled   it is not to start, or was killed

: "${FAKE_CLUSTER:?}"
fakes=$(cd "$(dirname "$0")/.." && pwd)

# Makes a job, and sets $id: make_job NAME COUNT
make_job() {
  id=1000
  while ! mkdir "$FAKE_CLUSTER/$id" 2>/dev/null; do id=$((id + 1)); done
  echo "$2" >"$FAKE_CLUSTER/$id/count"
  echo "$1" >"$FAKE_CLUSTER/$id/name"
}

# Starts a task in a session of its own: start_task ID TASK COMMAND...
start_task() {
  setsid sh "$fakes/task.sh" "$FAKE_CLUSTER/$1/$2" "$@" </dev/null >/dev/null 2>&1 &
}

# Calls a function with ID TASK for each task of an array, or with 1 for a single job: each_task ID FUNCTION
each_task() {
  read -r count <"$FAKE_CLUSTER/$1/count"
  [ "$count" != 0 ] || count=1
  task=1
  while [ "$task" -le "$count" ]; do
    "$2" "$1" "$task"
    task=$((task + 1))
  done
}

# Calls a function with ID TASK for each task of ranges like 1-3,7: each_in ID RANGES FUNCTION
each_in() {
  for range in $(echo "$2" | tr ',' ' '); do
    task=${range%-*}
    last=${range#*-}
    while [ "$task" -le "$last" ]; do
      "$3" "$1" "$task"
      task=$((task + 1))
    done
  done
}

# Calls a function with the id of each job: each_job FUNCTION
each_job() {
  for job in "$FAKE_CLUSTER"/*/name; do
    [ -e "$job" ] || continue
    job=${job%/name}
    "$1" "${job##*/}"
  done
}

# Sets $name, $count, and $state (waiting, running, ended, cancelled) and $status of a task: look_at ID TASK
look_at() {
  at=$FAKE_CLUSTER/$1/$2
  read -r name <"$FAKE_CLUSTER/$1/name"
  read -r count <"$FAKE_CLUSTER/$1/count"
  status=
  state=waiting
  if [ -e "$at.status" ]; then
    read -r status <"$at.status"
    state=ended
    [ ! -e "$at.cancelled" ] || state=cancelled
  elif [ -e "$at.pid" ]; then
    state=running
    read -r pid <"$at.pid"
    # Its leader died with it, be it that nobody has taken note yet.
    dead=Z
    { read -r _ _ dead _ <"/proc/$pid/stat"; } 2>/dev/null || true
    if [ "$dead" = Z ] && [ ! -e "$at.status" ]; then
      status=137
      state=ended
      [ ! -e "$at.cancelled" ] || state=cancelled
    fi
  elif [ -e "$at.cancelled" ]; then
    state=cancelled
  fi
}

# Keeps a waiting task from starting, or sends a running one a signal: signal_task SIGNAL ID TASK
signal_task() {
  look_at "$2" "$3"
  case $state in ended | cancelled) return ;; esac
  : >"$at.cancelled"
  if [ -e "$at.pid" ]; then
    read -r pid <"$at.pid"
    kill -s "$1" -- "-$pid" 2>/dev/null || true
  fi
}

kill_task() { signal_task KILL "$1" "$2"; }

end_task() { signal_task TERM "$1" "$2"; }
