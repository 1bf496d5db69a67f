#!/bin/sh
# Stops the Slurm that slurm-up.sh started in DIR, and what still runs of its jobs. Leaves the files. Does nothing when nothing is up.
#
#   scripts/cluster/slurm-down.sh DIR
set -eu

[ $# -eq 1 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
dir=$(cd "$1" 2>/dev/null && pwd) || exit 0

# Pid of a daemon of ours, by its pid file; nothing when it is not there: pid_of FILE NAME
pid_of() {
  pid=$(cat "$1" 2>/dev/null) || return 0
  [ -z "$pid" ] || [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != "$2" ] || echo "$pid"
}

# Ends a process, by force after 5 s: end [PID]
end() {
  [ -n "${1:-}" ] || return 0
  kill "$1" 2>/dev/null || return 0
  tries=0
  while kill -0 "$1" 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries != 50 ] || kill -KILL "$1" 2>/dev/null || true
    [ $tries -lt 100 ] || break
    sleep 0.1
  done
}

# The processes that look after jobs outlive the node's daemon; they are ours when they log to our files.
job_minders() {
  for directory in /proc/[0-9]*; do
    [ "$(cat "$directory/comm" 2>/dev/null)" = slurmstepd ] || continue
    if ls -l "$directory/fd" 2>/dev/null | grep -qF " $dir/log/"; then echo "${directory#/proc/}"; fi
  done
}

if [ -n "$(pid_of "$dir/run/slurmctld.pid" slurmctld)" ]; then
  export SLURM_CONF="$dir/slurm.conf"
  timeout 5 scancel --user=root 2>/dev/null || true
  # Jobs that do not mind SIGTERM end when KillWait is over.
  tries=0
  while [ -n "$(timeout 5 squeue --noheader --states=running,completing 2>/dev/null)" ] && [ $tries -lt 80 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
fi
end "$(pid_of "$dir/run/slurmctld.pid" slurmctld)"
for node in n1 n2; do end "$(pid_of "$dir/run/slurmd-$node.pid" slurmd)"; done
for minder in $(job_minders); do end "$minder"; done
# What a node that was killed left running: it has a job's number and our configuration in its environment.
for directory in /proc/[0-9]*; do
  variables=$({ tr '\0' '\n' <"$directory/environ"; } 2>/dev/null) || continue
  case $variables in *SLURM_JOB_ID=*) ;; *) continue ;; esac
  if printf '%s\n' "$variables" | grep -qxF "SLURM_CONF=$dir/slurm.conf"; then
    kill -KILL "${directory#/proc/}" 2>/dev/null || true
  fi
done
end "$(pid_of "$dir/run/munged.pid" munged)"
