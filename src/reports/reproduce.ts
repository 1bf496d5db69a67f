// Words the shell command that runs a job again by hand. Pure; knows nothing of what the command does.
import type { JobSpec } from '../model/job-spec.js';
import { escapeControls } from '../model/problem.js';
import { quoteForShell } from '../util/quote-for-shell.js';

/** Longer commands, and those a terminal cannot show, are replaced by the job's script, where there is one. */
const MAX_COMMAND_CHARS = 600;

/**
 * A command to copy into a POSIX shell: changes to the job's directory, sets its variables and runs its command, in a subshell.
 *
 * @param script - Path of the script that runs the job, if one was written; it stands in for a command that cannot be copied from a terminal.
 */
export function formatReproduceCommand(spec: JobSpec, script?: string): string {
  const exports = Object.entries(spec.exports).map(([name, value]) => quoteForShell(`${name}=${value}`));
  const setting = exports.length === 0 ? '' : `export ${exports.join(' ')}; `;
  // In quotes of its own, a command may hold comments, lines, and what an interactive shell takes for its history.
  const cmd = /[#\n!]/.test(spec.cmd) ? `sh -c ${quoteForShell(spec.cmd)}` : spec.cmd;
  // Not "cd && ...": of a command with "&", "||" or ";" that would hold for its first part only.
  const command = `(cd ${quoteForShell(spec.odir)} || exit; ${setting}${cmd})`;
  const isCopyable = command.length <= MAX_COMMAND_CHARS && command === escapeControls(command);
  return isCopyable || script === undefined ? command : `sh ${quoteForShell(script)}`;
}
