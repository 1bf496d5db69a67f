#!/bin/sh
# Every benchmark, one after the other, each with the machine and its load. A goal that is missed does not stop the others.
cd "$(dirname "$0")/.." || exit
npm run --silent build || exit
status=0
for bench in core process journal local log-scan job-list flow; do
  echo "## $bench"
  node --expose-gc --import tsx "bench/$bench.ts" || status=1
  echo
done
exit $status
