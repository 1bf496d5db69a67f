// Looks at what a batch engine needs: its programs, an answer, its limits. Submits nothing.
import { delimiter, join } from 'node:path';
import type { BatchEngine } from '../../backends/batch/engine.js';
import type { CommandRunner } from '../../backends/batch/run-command.js';
import { isExecutableFile } from '../../util/executable-file.js';
import { note, ok, problem, type Finding } from './finding.js';

/** Programs of an engine, by whether they are on PATH. */
function findPrograms(
  { programs }: BatchEngine,
  path: string,
): { readonly found: string[]; readonly missing: string[] } {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const isThere = (program: string): boolean =>
    folders.some((folder) => isExecutableFile(join(folder, program)));
  return { found: programs.filter(isThere), missing: programs.filter((program) => !isThere(program)) };
}

/** What is wrong before a job is tried, or what the engine says of itself. No problem in it: a job may be tried. */
export async function examineEngine(engine: BatchEngine, run: CommandRunner): Promise<readonly Finding[]> {
  const { found, missing } = findPrograms(engine, process.env.PATH ?? '');
  if (missing.length > 0) {
    const advice = `load the environment of ${engine.title} (module load, or its setup script), so that it is on PATH`;
    return [problem(`not on PATH: ${missing.join(', ')}`, advice)];
  }
  const programs = ok(`on PATH: ${found.join(', ')}`);
  const result = await run(engine.probe);
  const reply = result.kind === 'answered' ? engine.readProbe(result.answer) : result;
  if (!('facts' in reply)) {
    const advice = `see whether ${engine.title} is up, and this host may submit to it`;
    return [programs, problem(`${engine.title} does not answer: ${reply.message}`, advice)];
  }
  return [
    programs,
    ok([`${engine.title} answers`, ...reply.facts].join(', ')),
    reply.arrayLimit === null
      ? note('it tells no limit for arrays: 1000 tasks at most are submitted at once')
      : ok(
          reply.arrayLimit === 1
            ? 'jobs are submitted one by one'
            : `arrays of up to ${reply.arrayLimit} tasks`,
        ),
  ];
}

/** What the engine says of jobs of a run that has not come to an end, in words; null: nothing. */
export async function askStates(
  engine: BatchEngine,
  run: CommandRunner,
  scope: { readonly namePrefix: string; readonly user: string },
): Promise<string | null> {
  const result = await run(engine.query(scope));
  if (result.kind !== 'answered') return result.message;
  const reply = engine.readQuery(result.answer, scope);
  if (reply.kind !== 'answered') return reply.message;
  const [report] = reply.reports;
  if (report === undefined) return `${engine.title} does not know it`;
  const { state } = report;
  return 'reason' in state && state.reason !== null ? `${state.kind}, ${state.reason}` : state.kind;
}
