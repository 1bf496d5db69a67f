# Prints jobs as HTCondor's commands do with -json: those in the queue, or those that have left it. To be sourced after cluster.sh.
records=0
# print_ads WHICH CONSTRAINT; WHICH is queue or history, CONSTRAINT is of one of the two forms that Regatta uses
print_ads() {
  which=$1
  constraint=$2
  text=$(each_job print_job)
  [ -z "$text" ] || printf '[\n%s\n]\n' "${text#,}"
}
print_job() {
  read -r name <"$FAKE_CLUSTER/$1/name"
  case $constraint in
    'regexp("^'*'", JobBatchName)')
      prefix=${constraint#'regexp("^'}
      prefix=${prefix%'", JobBatchName)'}
      case $name in "$prefix"*) each_task "$1" print_ad ;; esac
      ;;
    'ClusterId == '*) each_task "$1" print_if_meant ;;
    *) echo "unexpected constraint: $constraint" >&2 ;;
  esac
}
print_if_meant() {
  ClusterId=$1 ProcId=$(($2 - 1))
  if [ $(($constraint)) != 0 ]; then print_ad "$1" "$2"; fi
}
print_ad() {
  look_at "$1" "$2"
  more='' starts=1
  case $state in
    waiting) number=1 place=queue starts=0 ;;
    running) number=2 place=queue ;;
    cancelled) number=3 place=history more=',"RemoveReason":"via condor_rm (by user ann)","LastJobStatus":2' ;;
    ended)
      number=4 place=history more=",\"ExitBySignal\":false,\"ExitCode\":$status"
      [ "$status" != 137 ] || more=',"ExitBySignal":true,"ExitSignal":9'
      ;;
  esac
  [ $place = "$which" ] || return 0
  printf ',{"ClusterId":%s,"ProcId":%s,"JobStatus":%s,"JobBatchName":"%s","NumJobStarts":%s%s}' \
    "$1" $(($2 - 1)) $number "$name" $starts "$more"
}
