#!/bin/sh
# Stops the Grid Engine that sge-up.sh started in DIR, by its pid files and its own network, and all of its jobs. Leaves its files.
#
#   scripts/cluster/sge-down.sh DIR
set -u

[ $# -eq 1 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
dir=$(cd "$1" 2>/dev/null && pwd) || exit 0
network=regatta-$(basename "$dir")

# The process that a pid file names, if it is there and is called NAME: pid_of FILE NAME
pid_of() {
  pid=$(cat "$1" 2>/dev/null) || return 0
  [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$2" ] && echo "$pid"
  return 0
}

# Ends a process, by force after five seconds: end PID
end() {
  [ -n "$1" ] || return 0
  kill "$1" 2>/dev/null
  tries=0
  while [ -e "/proc/$1" ]; do
    tries=$((tries + 1))
    [ $tries != 50 ] || kill -KILL "$1" 2>/dev/null
    [ $tries -lt 100 ] || break
    sleep 0.1
  done
}

for file in "$dir"/spool/execd/*/execd.pid; do end "$(pid_of "$file" sge_execd)"; done
end "$(pid_of "$dir/spool/qmaster/qmaster.pid" sge_qmaster)"
if ip netns list 2>/dev/null | grep -qw "$network"; then
  # Jobs and those that look after them outlive the daemon; nothing but they and ours are in there.
  for pid in $(ip netns pids "$network"); do kill -KILL "$pid" 2>/dev/null; done
  ip netns del "$network"
fi
rm -rf "/etc/netns/$network"
exit 0
