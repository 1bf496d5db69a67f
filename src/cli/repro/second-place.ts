// Gives a job that is run again a place of its own, so that nothing of its first try is written over. Pure; knows no disk.
import type { JobSpec } from '../../model/job-spec.js';

/** Added to the names of directories and logs of a second try. */
const SUFFIX = '.repro';

/** What may stand before a path in a command: nothing, a delimiter, or an option it is glued to (`-I/path`, `+incdir+/path`). */
const BEFORE_PATH = String.raw`(?<=^|[\s"'=:,;()<>|&+]|(?:^|[\s"'])[-+]\w*)`;
/** A path ends where no further letter of its last name follows. */
const AFTER_PATH = String.raw`(?![\w.+@~-])`;

/**
 * The job with an output directory beside its first one, and paths in its command and exports that lead into the first one
 * led there. Where the directory is not the job's alone, or not one that a run has made, what lies in it may be needed: it
 * stays, and only the log is another one. It depends on nothing: what it needs was there the first time.
 *
 * @param others - The jobs of its run.
 * @param scratchRoot - Directories below it are made by runs.
 */
export function moveToSecondPlace(
  spec: JobSpec,
  { others, scratchRoot }: { readonly others: readonly JobSpec[]; readonly scratchRoot: string },
): JobSpec {
  const { odir, logPath, cmd, exports } = spec;
  const second = `${odir}${SUFFIX}`;
  const isMade = spec.renewOdir || odir.startsWith(`${scratchRoot}/`);
  const isOwn =
    isMade && others.every((other) => other.fullName === spec.fullName || !isIn(other, [odir, second]));
  const isLogInside = logPath.startsWith(`${odir}/`);
  const log = isOwn && isLogInside ? `${second}${logPath.slice(odir.length)}` : `${logPath}${SUFFIX}`;
  const lead = (text: string): string => {
    const led = isOwn ? leadElsewhere(text, odir, second) : text;
    return isOwn && isLogInside ? led : leadElsewhere(led, logPath, log);
  };
  return Object.freeze({
    ...spec,
    dependencies: [],
    odir: isOwn ? second : odir,
    renewOdir: isOwn,
    logPath: log,
    cmd: lead(cmd),
    exports: Object.fromEntries(Object.entries(exports).map(([name, value]) => [name, lead(value)])),
  });
}

function isIn({ odir }: JobSpec, places: readonly string[]): boolean {
  return places.some((place) => odir === place || odir.startsWith(`${place}/`));
}

function leadElsewhere(text: string, from: string, to: string): string {
  const literal = from.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
  return text.replaceAll(new RegExp(`${BEFORE_PATH}${literal}${AFTER_PATH}`, 'g'), () => to);
}
