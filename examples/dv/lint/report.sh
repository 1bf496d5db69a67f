#!/bin/sh
# Makes results.hjson of Verilator's lint log: report.sh LOG WAIVERS OUT_FILE. Prints what is not waived, and exits with 1 if
# that is anything. It knows nothing of the design.
set -eu

if [ $# -ne 3 ]; then
  echo "usage: report.sh LOG WAIVERS OUT_FILE" >&2
  exit 2
fi
exec awk -v out="$3" -f "$(dirname "$0")/report.awk" "$2" "$1"
