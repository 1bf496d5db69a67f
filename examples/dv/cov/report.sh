#!/bin/sh
# Reports merged coverage as text: report.sh MERGED_DIR OUT_DIR. Writes OUT_DIR/summary.txt and prints it; with Verilator
# also OUT_DIR/merged.info (lcov) and OUT_DIR/annotated/ (the sources with counts). It knows nothing of single runs.
set -eu

if [ $# -ne 2 ]; then
  echo "usage: report.sh MERGED_DIR OUT_DIR" >&2
  exit 2
fi
merged=$1
out=$2
mkdir -p "$out"

if [ ! -s "$merged/fcov.txt" ]; then
  echo "ERROR: report.sh: no merged coverage in $merged" >&2
  exit 1
fi
dat=$merged/merged.dat
[ -e "$dat" ] || dat=/dev/null
summary=$(awk -f "$(dirname "$0")/report.awk" "$merged/fcov.txt" "$dat")
printf '%s\n' "$summary" >"$out/summary.txt"
if [ "$dat" != /dev/null ]; then
  verilator_coverage --write-info "$out/merged.info" "$dat"
  verilator_coverage --annotate "$out/annotated" --annotate-min 1 "$dat"
fi
printf '%s\n' "$summary"
