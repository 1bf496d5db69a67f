# The leader of one task: starts its command unless it was cancelled, and keeps its exit status. sh task.sh FILES ID TASK COMMAND...
at=$1
shift 3
# Begun before the cancellation is looked for; whoever cancels looks for it after.
echo $$ >"$at.pid.new"
mv "$at.pid.new" "$at.pid"
[ ! -e "$at.cancelled" ] || exit 0
# Handled, not ignored: the command must not find it ignored. What comes before there is a child to hear it is seen by the child.
trap : TERM
(
  [ ! -e "$at.cancelled" ] || exit 143
  exec "$@"
)
echo $? >"$at.status.new"
mv "$at.status.new" "$at.status"
