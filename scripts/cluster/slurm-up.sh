#!/bin/sh
# Starts a Slurm of its own on this machine, for tests and benchmarks: one controller, two nodes of 8 CPUs, loopback only, no systemd, no
# cgroups, no accounting database. Does nothing to one that is up already. Needs root; installs Slurm on Debian if it is missing.
#
#   scripts/cluster/slurm-up.sh DIR [PORT]
#
# DIR   all of its files are here; afterwards `. DIR/env.sh` points Slurm's commands at it
# PORT  the controller's; the nodes take the two after it (default 16817)
#
# SLURM_CPUS   CPUs that each node claims to have (default 8)
# SLURM_EXTRA  more lines for slurm.conf; an option that is there already is replaced
set -eu

[ $# -ge 1 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
sh "$here/slurm-install.sh"

umask 022
mkdir -p "$1"
dir=$(cd "$1" && pwd)
port=${2:-16817}
host=$(hostname -s)
conf=$dir/slurm.conf
cpus=${SLURM_CPUS:-8}
mkdir -p "$dir/log" "$dir/run" "$dir/state" "$dir/spool/n1" "$dir/spool/n2"
mkdir -p -m 700 "$dir/munge"

say() { echo "slurm-up: $*" >&2; }

. "$here/daemons.sh"
logs="$dir/log"

# Slurm takes the last line of most options; of some it takes none twice. So a replaced option goes.
write_conf() {
  cat <<CONF
ClusterName=regatta
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
SlurmdUser=root
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny,block_null_hash
AuthType=auth/munge
AuthInfo=socket=$dir/run/munge.sock
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
SlurmctldPidFile=$dir/run/slurmctld.pid
SlurmdPidFile=$dir/run/slurmd-%n.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=2
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerType=sched/backfill
SchedulerParameters=sched_min_interval=10000,batch_sched_delay=0,bf_interval=5,default_queue_depth=2000
PriorityType=priority/basic
ReturnToService=2
SlurmctldTimeout=30
SlurmdTimeout=10
KillWait=5
MessageTimeout=20
MinJobAge=300
MaxArraySize=1001
MaxJobCount=10000
JobRequeue=1
PropagateResourceLimits=NONE
MailProg=/bin/true
Licenses=vcs:5
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=$cpus RealMemory=16000 State=UNKNOWN
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=$cpus RealMemory=16000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES DefaultTime=60 MaxTime=INFINITE State=UP OverSubscribe=NO
PartitionName=short Nodes=ALL MaxTime=5 State=UP OverSubscribe=NO
PartitionName=crowded Nodes=ALL DefaultTime=60 MaxTime=INFINITE State=UP OverSubscribe=FORCE:20
CONF
}
extra=${SLURM_EXTRA:-}
names=$(printf '%s\n' "$extra" | sed -n 's/^\([A-Za-z]*\)=.*/\1/p' | paste -sd '|' -)
{
  if [ -n "$names" ]; then write_conf | grep -Ev "^($names)="; else write_conf; fi
  [ -z "$extra" ] || printf '%s\n' "$extra"
} >"$conf"
echo 'CgroupAutomount=no' >"$dir/cgroup.conf"
echo "export SLURM_CONF='$conf'" >"$dir/env.sh"
export SLURM_CONF="$conf"

if ! is_up "$dir/run/munged.pid" munged; then
  [ -s "$dir/munge/key" ] || (umask 077 && head -c 128 /dev/urandom >"$dir/munge/key")
  rm -f "$dir/run/munge.sock" "$dir/run/munge.sock.lock"
  munged --key-file="$dir/munge/key" --socket="$dir/run/munge.sock" --pid-file="$dir/run/munged.pid" \
    --log-file="$dir/munge/munged.log" --seed-file="$dir/munge/seed" --force 2>>"$dir/log/munged.err"
fi
wait_for 20 "$logs" munge munge -n -S "$dir/run/munge.sock"
is_up "$dir/run/slurmctld.pid" slurmctld || slurmctld -f "$conf" </dev/null >>"$dir/log/slurmctld.out" 2>&1
for node in n1 n2; do
  is_up "$dir/run/slurmd-$node.pid" slurmd ||
    slurmd -f "$conf" -N "$node" </dev/null >>"$dir/log/slurmd-$node.out" 2>&1
done

are_nodes_ready() {
  [ "$(sinfo --noheader --Node --partition=main --states=idle,mixed,allocated --format=%N | sort -u | wc -l)" = 2 ]
}
wait_for 40 "$logs" 'two nodes' are_nodes_ready
say "up; . $dir/env.sh"
