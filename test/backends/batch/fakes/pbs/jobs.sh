# The jobs that arguments of PBS name: 1000.fakepbs, 1000[].fakepbs, 1000[1-3].fakepbs. To be sourced after cluster.sh.
# Calls a function with ID TASK for each: each_named JOB FUNCTION
each_named() {
  id=${1%%[\[.]*}
  if [ ! -d "$FAKE_CLUSTER/$id" ]; then
    echo "$0: Unknown Job Id $1" >&2
    return
  fi
  case $1 in
    *\[\].*) each_task "$id" "$2" ;;
    *\[*)
      ranges=${1#*\[}
      each_in "$id" "${ranges%%\]*}" "$2"
      ;;
    *) each_task "$id" "$2" ;;
  esac
}
