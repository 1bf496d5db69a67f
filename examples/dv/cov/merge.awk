# Adds up the functional coverage of runs. Reads the runs' directories, one a line; see merge.sh for what counts.
# Needs -v merged=FILE (the sums: bin, hits, runs that hit it) and -v runs=FILE (the runs that counted).

# Reads DIR/fcov.txt into count[] and names[]. Returns "" when the run counts, or else why it does not.
function read_run(dir,    path, line, status, words, verdict, last) {
  path = dir "/fcov.txt"
  bins = 0
  while ((status = (getline line < path)) > 0) {
    last = line
    split(line, words, " ")
    if (words[1] == "bin") {
      names[++bins] = words[2]
      count[bins] = words[3]
    } else if (words[1] == "verdict") {
      verdict = words[2]
    }
  }
  close(path)
  if (status < 0) return "the run wrote no coverage"
  if (last != "end " bins || bins == 0) return "torn file"
  if (verdict != "passed") return "the run did not pass"
  return ""
}

{
  reason = read_run($0)
  if (reason != "") {
    print "skipped " $0 ": " reason
    skipped++
    next
  }
  print $0 > runs
  accepted++
  for (i = 1; i <= bins; i++) {
    name = names[i]
    if (!(name in hits)) {
      order[++total] = name
      hits[name] = 0
      hit_by[name] = 0
    }
    hits[name] += count[i]
    if (count[i] > 0) hit_by[name]++
  }
}

END {
  if (accepted == 0) {
    print "ERROR: merge.awk: no run with coverage that counts (" skipped + 0 " skipped)" > "/dev/stderr"
    exit 1
  }
  print "fcov-merged 1" > merged
  print "runs " accepted > merged
  for (i = 1; i <= total; i++) print "bin", order[i], hits[order[i]], hit_by[order[i]] > merged
  print "end " total > merged
  print "merged functional coverage of " accepted " runs (" skipped + 0 " skipped): " total " bins"
}
