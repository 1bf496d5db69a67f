# What the scripts that start a cluster share: read by them, who define `say`. Not run by itself.

# Whether the process that a pid file names is there, alive, and is called NAME: is_up FILE NAME
is_up() {
  pid=$(cat "$1" 2>/dev/null) || return 1
  [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$2" ] && ! grep -q '^State:.[ZX]' "/proc/$pid/status"
}

# Waits until a command succeeds, for SECONDS and what its last try takes beyond them; then says what the logs end in, and ends the script:
# wait_for SECONDS LOGS WHAT COMMAND...
wait_for() {
  until=$(($(date +%s) + $1)) logs=$2 what=$3
  shift 3
  until "$@" >/dev/null 2>&1; do
    if [ "$(date +%s)" -ge "$until" ]; then
      say "waited in vain for $what; see $logs"
      find "$logs" -type f -name '*.log' -exec tail -n 5 {} + >&2
      exit 1
    fi
    sleep 0.1
  done
}
