#!/bin/sh
# The demo: the example regression on Icarus Verilog, on all processors. Arguments go on to `regatta run`.
# Installs what is missing where it may (Debian, as root); otherwise says what to install.
set -eu
cd "$(dirname "$0")/.."

missing=''
command -v iverilog >/dev/null || missing="$missing iverilog"
command -v make >/dev/null || missing="$missing make"
if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "demo: installing$missing" >&2
    apt-get update -qq
    # shellcheck disable=SC2086 # a list of package names
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
  else
    echo "demo: please install$missing first (on Debian and Ubuntu: sudo apt-get install$missing)" >&2
    exit 2
  fi
fi

exec ./bin/regatta run examples/examples_sim_cfgs.hjson --items nightly --cov \
  --proj-root "$PWD" --max-parallel "$(getconf _NPROCESSORS_ONLN)" "$@"
