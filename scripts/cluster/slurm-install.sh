#!/bin/sh
# Installs Slurm's daemons and commands on Debian, as root, unless they are there. Starts none of its services.
set -eu

commands='slurmctld slurmd sbatch squeue scancel scontrol munged munge'
missing=
for command in $commands; do
  command -v "$command" >/dev/null || missing="$missing $command"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "slurm-install: not on PATH:$missing; install slurm-wlm and munge, or run this as root on Debian" >&2
  exit 1
fi

# Answering 101 forbids packages to start services; a policy of the machine's own stays.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod 755 $policy
fi

export DEBIAN_FRONTEND=noninteractive
install_all() {
  apt-get install -y -qq --no-install-recommends slurmctld slurmd slurm-client munge >/dev/null
}
# The package lists of a fresh machine are empty or old.
install_all 2>/dev/null || { apt-get update -qq && install_all; }
