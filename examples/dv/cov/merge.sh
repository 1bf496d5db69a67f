#!/bin/sh
# Merges the coverage of a regression: merge.sh OUT_DIR DB_DIR...
#
# Each DB_DIR holds one directory a run, with the bench's fcov.txt and, from Verilator, coverage.dat and its size.
# A run counts only when its fcov.txt is whole and says that the run passed; any other is named, with the reason, and left
# out. No run that counts is an error. Writes OUT_DIR/fcov.txt, OUT_DIR/runs.txt and, with Verilator, OUT_DIR/merged.dat.
# It knows nothing of tests or of the scheduler.
set -eu

if [ $# -lt 2 ]; then
  echo "usage: merge.sh OUT_DIR DB_DIR..." >&2
  exit 2
fi
here=$(dirname "$0")
out=$1
shift
mkdir -p "$out"
rm -f "$out/fcov.txt" "$out/runs.txt" "$out/merged.dat"

# A directory that does not exist is a build none of whose runs came as far as writing coverage.
for db in "$@"; do
  if [ -d "$db" ]; then
    find "$db" -mindepth 1 -maxdepth 1 -type d
  else
    echo "no coverage in $db" >&2
  fi
done | LC_ALL=C sort | awk -v merged="$out/fcov.txt" -v runs="$out/runs.txt" -f "$here/merge.awk"

# verilator_coverage merges a torn file without a word, so every file is checked against the size written beside it.
is_whole() {
  [ -s "$1" ] && [ -s "$1.size" ] && [ "$(wc -c <"$1")" -eq "$(cat "$1.size")" ]
}

points() {
  grep -c '^C ' "$1" || true
}

set --
most=0
while read -r run; do
  dat=$run/coverage.dat
  [ -e "$dat" ] || continue
  if is_whole "$dat"; then
    set -- "$@" "$dat"
    count=$(points "$dat")
    [ "$count" -le "$most" ] || most=$count
  else
    echo "skipped $dat: torn"
  fi
done <"$out/runs.txt"

if [ $# -gt 0 ]; then
  verilator_coverage --write "$out/merged.dat" "$@"
  count=$(points "$out/merged.dat")
  if [ "$count" -lt "$most" ]; then
    echo "ERROR: merge.sh: $count points after merging, but one input alone has $most" >&2
    exit 1
  fi
  echo "merged code coverage of $# runs: $count points"
fi
