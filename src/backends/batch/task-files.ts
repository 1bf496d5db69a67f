// The text of the files that make a job out of a task: the array's script, the task's own file, the environment. Pure.
//
// Nothing of the user's is in the script. The task's file and the environment are read by a shell, every value in quotes, in a subshell that
// becomes the job; so no value reaches the part of the script that keeps the record.
import type { JobSpec } from '../../model/job-spec.js';
import { countArgumentBytes, MAX_ARGUMENT_BYTES } from '../../util/argument-limit.js';
import { quoteForShell } from '../../util/quote-for-shell.js';

/** Exit code of a script that cannot write its record: the directory is not there, or not writable, where the task runs. */
export const NO_RECORD_EXIT_CODE = 122;

const SHELL_NAME = /^[A-Za-z_]\w*$/;

/** Variables that are the shell's own business; some shells take an attempt to set them for an error and end. */
const SHELLS_OWN =
  /^(?:_|PWD|OLDPWD|SHLVL|PPID|UID|EUID|GROUPS|OPTIND|OPTARG|LINENO|IFS|PS4|DIRSTACK|FUNCNAME|RANDOM|SECONDS|SHELLOPTS|HOSTNAME|BASH\w*|regatta_\w*)$/;

/** Text that sets variables. Those that no shell can set are left out. */
export function formatEnvironment(
  environment: Readonly<Record<string, string>>,
  isLeftOut: (name: string) => boolean = () => false,
): string {
  return Object.entries(environment)
    .filter(([name]) => SHELL_NAME.test(name) && !SHELLS_OWN.test(name) && !isLeftOut(name))
    .map(([name, value]) => `export ${name}=${quoteForShell(value)}\n`)
    .join('');
}

/** Whether a command is more than a shell can be passed: it gets a file of its own, which the shell reads. */
export function needsCommandFile({ cmd }: JobSpec): boolean {
  return countArgumentBytes(cmd) > MAX_ARGUMENT_BYTES;
}

/**
 * Text of a task's file.
 * @param commandFile - Absolute path of the file with the command, where it needs one.
 */
export function formatTask({ cmd, exports, odir, logPath }: JobSpec, commandFile: string | null): string {
  const passed = commandFile === null ? cmd : `. ${quoteForShell(commandFile)}`;
  const own = `regatta_odir=${quoteForShell(odir)}\nregatta_log=${quoteForShell(logPath)}\n`;
  return `${own}${formatEnvironment(exports)}regatta_cmd=${quoteForShell(passed)}\n`;
}

/** What the script of an array depends on; all of our own making. */
export interface ScriptFacts {
  /** Directory of the backend's files. */
  readonly directory: string;
  /** Number of the array. */
  readonly array: number;
  /** Environment variable with the task's number. */
  readonly taskVariable: string;
  /** Name of the environment's file in the directory. */
  readonly environmentFile: string;
}

/**
 * Text of an array's script; POSIX sh, without any program but mv. A task's record is `spool/<array>-<task>.run` from its start, and is
 * renamed to `.end` when it is complete; `spool-record.ts` reads it.
 *
 * The order matters: the record is begun before the array's revocation is looked for, and whoever revokes looks for the record after,
 * so one of the two sees the other.
 */
export function formatScript({ directory, array, taskVariable, environmentFile }: ScriptFacts): string {
  return `#!/bin/sh
regatta_base=${quoteForShell(directory)}
regatta_array=${array}
regatta_task=\${1:-\${${taskVariable}:-1}}
case $regatta_task in *[!0-9]* | 0*) regatta_task=1 ;; esac
regatta_record=$regatta_base/spool/$regatta_array-$regatta_task.run
regatta_environment=$regatta_base/${environmentFile}
regatta_job=$regatta_base/arrays/$regatta_array/$regatta_task

# Handled, not ignored: the job must not find them ignored. A kill that comes before the job does is for the job.
regatta_killed=
trap : HUP INT QUIT USR1 USR2
trap 'regatta_killed=1' TERM

complete() {
  echo "$1" >>"$regatta_record" && command -p mv -f "$regatta_record" "\${regatta_record%.run}.end"
}

refuse() {
  echo "refused $1" >>"$regatta_record"
  exit 1
}

read_uptime() {
  regatta_uptime=-
  read -r regatta_uptime regatta_rest </proc/uptime
} 2>/dev/null

{ read -r regatta_host </proc/sys/kernel/hostname; } 2>/dev/null || regatta_host=-
read_uptime
echo "start $$ $regatta_uptime $regatta_host" >"$regatta_record" || exit ${NO_RECORD_EXIT_CODE}
if [ -e "$regatta_base/arrays/$regatta_array/revoked" ]; then
  complete revoked
  exit 0
fi

if [ -n "$regatta_killed" ]; then
  complete "end 143 $regatta_uptime"
  exit 143
fi
(
  # It may have come since.
  [ -z "$regatta_killed" ] || exit 143
  [ -r "$regatta_environment" ] || refuse 'the environment of the run cannot be read there'
  [ -r "$regatta_job" ] || refuse 'the file of the task cannot be read there'
  . "$regatta_environment"
  . "$regatta_job"
  cd "$regatta_odir" || refuse 'its output directory cannot be entered there'
  true >"$regatta_log" || refuse 'its log cannot be written there'
  echo launched >>"$regatta_record"
  exec /bin/sh -c "$regatta_cmd" </dev/null >"$regatta_log" 2>&1
)
regatta_status=$?
read_uptime
# By itself it would end the script when the record cannot be written any more, with a status of its own.
command times >>"$regatta_record"
complete "end $regatta_status $regatta_uptime"
exit "$regatta_status"
`;
}
