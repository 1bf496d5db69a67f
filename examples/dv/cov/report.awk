# Formats merged coverage. Reads the sums that merge.awk wrote, then Verilator's database (or an empty file).
# The last three lines have the shape of a VCS dashboard (a heading, metric names, percentages), which flow tools read.

function percent(part, whole) {
  return whole == 0 ? 0 : 100 * part / whole
}

# Code coverage: C '<SOH>f<STX>file<SOH>...<SOH>page<STX>v_KIND/module...' count
FILENAME ~ /\.dat$/ {
  if ($1 == "C" && match($0, /page\002v_[a-z]+/)) {
    kind = substr($0, RSTART + 7, RLENGTH - 7)
    code_total[kind]++
    if ($NF > 0) code_hit[kind]++
  }
  next
}

$1 == "runs" { runs = $2 }

$1 == "bin" {
  group = substr($2, 1, index($2, ".") - 1)
  if (!(group in total)) groups[++group_count] = group
  total[group]++
  bins++
  if ($3 > 0) {
    hit[group]++
    bins_hit++
  } else {
    missed[++missed_count] = $2
  }
}

$1 == "end" { whole = $2 == bins }

END {
  if (!whole) {
    print "ERROR: report.awk: the merged coverage is torn" > "/dev/stderr"
    exit 1
  }
  printf "Functional coverage of %d %s\n\n", runs, runs == 1 ? "run" : "runs"
  printf "%-24s %6s %6s %8s\n", "covergroup", "bins", "hit", "percent"
  for (i = 1; i <= group_count; i++) {
    group = groups[i]
    printf "%-24s %6d %6d %8.2f\n", group, total[group], hit[group], percent(hit[group], total[group])
  }
  for (i = 1; i <= missed_count; i++) print (i == 1 ? "\nNever hit:\n  " : "  ") missed[i]

  score = percent(bins_hit, bins)
  metrics = 1
  heads = values = ""
  split("line branch toggle", kinds, " ")
  for (i = 1; i <= 3; i++) {
    if (!(kinds[i] in code_total)) continue
    value = percent(code_hit[kinds[i]], code_total[kinds[i]])
    heads = heads sprintf(" %7s", toupper(kinds[i]))
    values = values sprintf(" %7.2f", value)
    score += value
    metrics++
  }
  print "\nTotal coverage summary"
  printf "%7s%s %7s\n", "SCORE", heads, "GROUP"
  printf "%7.2f%s %7.2f\n", score / metrics, values, percent(bins_hit, bins)
}
