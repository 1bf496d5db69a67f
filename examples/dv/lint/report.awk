# Sorts the messages of Verilator's lint log into DVSim's buckets. Reads the waivers, then the log, which ends with the line
# `exit code N`. Needs -v out=FILE. Of a message of several lines, the first counts.

function quote(text) {
  gsub(/\\/, "\\\\", text)
  gsub(/"/, "\\\"", text)
  gsub(/[\001-\037]/, " ", text)
  return "\"" text "\""
}

function add(bucket, text) {
  texts[bucket, ++count[bucket]] = text
  if (bucket != "lint_waived") {
    print text
    bad++
  }
}

function is_waived(text,    i) {
  for (i = 1; i <= waivers; i++) if (text ~ waiver[i]) return 1
  return 0
}

FNR == NR {
  if ($0 != "" && $0 !~ /^#/) waiver[++waivers] = $0
  next
}

# The sum of the messages, and advice that follows one.
/^%Error: (Exiting due to|This may be because)/ { next }

/^%(Warning|Error)/ {
  severity = /^%Error/ ? "error" : "warning"
  if ($0 !~ /^%(Warning|Error)(-[A-Z0-9]+)?: [^ ]+:[0-9]+:[0-9]+: /) add("flow_" severity, $0)
  else if (is_waived($0)) add("lint_waived", $0)
  else add("lint_" severity, $0)
}

/^exit code [0-9]+$/ { code = $3 }

END {
  waived = count["lint_waived"] + 0
  if (code == "") add("flow_error", "%Error: the linter's log is torn")
  else if (code != 0 && bad + waived == 0) add("flow_error", "%Error: the linter ended with exit code " code)
  buckets = split("flow_error flow_warning lint_error lint_warning lint_waived", bucket, " ")
  print "{" > out
  for (b = 1; b <= buckets; b++) {
    printf "  \"%s\": [", bucket[b] > out
    for (i = 1; i <= count[bucket[b]]; i++) printf "%s\n    %s", (i == 1 ? "" : ","), quote(texts[bucket[b], i]) > out
    print (count[bucket[b]] > 0 ? "\n  ]" : "]") (b < buckets ? "," : "") > out
  }
  print "}" > out
  print bad + 0 " messages, and " waived " that are waived"
  exit bad > 0
}
