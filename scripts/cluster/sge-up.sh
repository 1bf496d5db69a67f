#!/bin/sh
# Starts a Grid Engine of its own on this machine, for tests: one master, one host of 16 slots, 5 licences `vcs`. Does nothing to one
# that is up already. Needs root; installs Grid Engine on Debian if it is missing.
#
#   scripts/cluster/sge-up.sh DIR [PORT]
#
# DIR   all of its files are here; afterwards `. DIR/env.sh` puts commands on PATH that speak to it
# PORT  the master's; the host's daemon takes the next (default 16444)
#
# The master can only listen on every address of the machine. So its network is one of its own, with nothing in it but the loopback; the
# commands in DIR/commands enter it. Down: sge-down.sh DIR.
set -eu

[ $# -ge 1 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
sh "$here/sge-install.sh"

umask 022
mkdir -p "$1"
dir=$(cd "$1" && pwd)
port=${2:-16444}
network=regatta-$(basename "$dir")
host=$(hostname)
export SGE_ROOT="$dir" SGE_CELL=default SGE_QMASTER_PORT="$port" SGE_EXECD_PORT=$((port + 1))

say() { echo "sge-up: $*" >&2; }

. "$here/daemons.sh"
logs="$dir/spool/qmaster/messages and $dir/*.out"

# Changes lines `name value` of a configuration on standard input: set_values NAME VALUE...
set_values() {
  script=
  while [ $# -ge 2 ]; do
    script="$script;s|^($1)[[:space:]].*|\\1 $2|"
    shift 2
  done
  # Long lines are continued with a backslash.
  sed -E -e ':more' -e '/\\$/{N;s/\\\n *//;b more' -e '}' | sed -E "/^#/d$script"
}

# The network
mkdir -p "/etc/netns/$network"
printf '127.0.0.1 %s localhost\n' "$host" >"/etc/netns/$network/hosts"
ip netns list | grep -qw "$network" || ip netns add "$network"
ip -n "$network" link set lo up

# The cell
mkdir -p "$dir/default/common" "$dir/spool/qmaster" "$dir/spool/execd" "$dir/spool/db" "$dir/commands" "$dir/tmp"
for folder in bin lib utilbin util; do ln -sfn "/var/lib/gridengine/$folder" "$dir/$folder"; done
echo "$host" >"$dir/default/common/act_qmaster"
cat >"$dir/default/common/bootstrap" <<BOOTSTRAP
admin_user              none
default_domain          none
ignore_fqdn             false
spooling_method         berkeleydb
spooling_lib            libspoolb
spooling_params         $dir/spool/db
binary_path             /usr/sbin
qmaster_spool_dir       $dir/spool/qmaster
security_mode           none
listener_threads        2
worker_threads          2
scheduler_threads       1
BOOTSTRAP
[ -e "$dir/spool/db/sge" ] ||
  /usr/share/gridengine/scripts/init_cluster "$dir" default "$dir/spool/db" root >"$dir/init.out" 2>&1

# The commands
for command in qsub qstat qdel qacct qconf qhost qmod qhold qrls; do
  cat >"$dir/commands/$command.new" <<COMMAND
#!/bin/sh
export SGE_ROOT='$dir' SGE_CELL=default SGE_QMASTER_PORT=$port SGE_EXECD_PORT=$((port + 1))
exec ip netns exec $network /usr/bin/$command "\$@"
COMMAND
  chmod 755 "$dir/commands/$command.new"
  mv -f "$dir/commands/$command.new" "$dir/commands/$command"
done
echo "export PATH='$dir/commands':\"\$PATH\"" >"$dir/env.sh"
export PATH="$dir/commands:$PATH"

is_up "$dir/spool/qmaster/qmaster.pid" sge_qmaster ||
  ip netns exec "$network" /usr/sbin/sge_qmaster </dev/null >"$dir/qmaster.out" 2>&1
wait_for 30 "$logs" 'the master' qconf -sh

# The host, the queue, the licences
if ! qconf -sq all.q >/dev/null 2>&1; then
  files=$dir/tmp
  qconf -sconf | set_values execd_spool_dir "$dir/spool/execd" min_uid 0 min_gid 0 max_unheard 00:00:20 \
    load_report_time 00:00:02 shell_start_mode unix_behavior \
    reporting_params 'accounting=true reporting=false flush_time=00:00:01 accounting_flush_time=00:00:00 joblog=false sharelog=00:00:00' \
    >"$files/global"
  qconf -Mconf "$files/global" >/dev/null
  qconf -ssconf | set_values schedule_interval 0:0:1 flush_submit_sec 1 flush_finish_sec 1 >"$files/scheduler"
  qconf -Msconf "$files/scheduler" >/dev/null
  qconf -ah "$host" >/dev/null 2>&1 || true
  qconf -as "$host" >/dev/null
  cat >"$files/host" <<HOST
hostname $host
load_scaling NONE
complex_values NONE
user_lists NONE
xuser_lists NONE
projects NONE
xprojects NONE
usage_scaling NONE
report_variables NONE
HOST
  qconf -Ae "$files/host" >/dev/null 2>&1 || true
  cat >"$files/environment" <<'ENVIRONMENT'
pe_name smp
slots 9999
user_lists NONE
xuser_lists NONE
start_proc_args NONE
stop_proc_args NONE
allocation_rule $pe_slots
control_slaves FALSE
job_is_first_task TRUE
urgency_slots min
accounting_summary FALSE
qsort_args NONE
ENVIRONMENT
  qconf -Ap "$files/environment" >/dev/null 2>&1 || true
  { qconf -sc; echo 'vcs vcs INT <= YES YES 0 0'; } | sort -u >"$files/complexes"
  qconf -Mc "$files/complexes" >/dev/null
  qconf -mattr exechost complex_values vcs=5 global >/dev/null 2>&1
  # Last: it tells that all of this is done.
  qconf -sq | set_values qname all.q hostlist "$host" pe_list smp slots 16 load_thresholds NONE shell /bin/sh >"$files/queue"
  qconf -Aq "$files/queue" >/dev/null
fi

is_up "$dir/spool/execd/$host/execd.pid" sge_execd ||
  ip netns exec "$network" /usr/sbin/sge_execd </dev/null >"$dir/execd.out" 2>&1

# A queue that is not ready has letters for it in a sixth column.
is_queue_ready() {
  qstat -f | awk '/^all.q@/ { found = 1; if (NF > 5) unready = 1 } END { exit !found || unready }'
}
wait_for 30 "$logs" 'the queue' is_queue_ready
say "up; . $dir/env.sh"
