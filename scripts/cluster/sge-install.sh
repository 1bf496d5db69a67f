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

# Answering 101 forbids packages to start services; a policy of the machine's own stays.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod 755 $policy
fi

# No cluster in the system's own directories either.
for package in master client exec; do
  echo "gridengine-$package shared/gridengineconfig boolean false"
done | debconf-set-selections

export DEBIAN_FRONTEND=noninteractive
install_all() {
  apt-get install -y -qq --no-install-recommends \
    gridengine-master gridengine-exec gridengine-client iproute2 >/dev/null
}
# The package lists of a fresh machine are empty or old.
install_all 2>/dev/null || { apt-get update -qq && install_all; }
