#!/bin/sh
# Installs Grid Engine's daemons and commands on Debian, as root, unless they are there. Starts none of its services.
set -eu

missing=
for command in /usr/sbin/sge_qmaster /usr/sbin/sge_execd qsub qstat qdel qconf qacct ip; do
  command -v "$command" >/dev/null || missing="$missing $command"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "sge-install: not there:$missing; install gridengine-master, gridengine-exec, gridengine-client and iproute2, or run this as root on Debian" >&2
  exit 1
fi

# No cluster in the system's own directories either.
for package in master client exec; do
  echo "gridengine-$package shared/gridengineconfig boolean false"
done | debconf-set-selections

sh "$(dirname "$0")/install-packages.sh" gridengine-master gridengine-exec gridengine-client iproute2
