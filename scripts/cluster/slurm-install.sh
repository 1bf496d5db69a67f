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

sh "$(dirname "$0")/install-packages.sh" slurmctld slurmd slurm-client munge
