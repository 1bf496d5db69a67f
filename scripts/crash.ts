// The long form of the crash tests: `npm run test:crash [SEED [POINTS]]`. Kills the real command at every record of the journal of a
// small run, whole and torn, and at random ones of a run of hundreds of jobs, each with both policies; resumes; checks every promise.
// Prints a table and the seed; exits with 1 at the first promise that was not kept.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, type RandomStream } from '../src/util/random.js';
import {
  countRecords,
  runUndisturbed,
  type CrashCase,
  type CrashPoint,
  type CrashReport,
} from '../test/crash/crash-case.js';
import { drawJobs, SMALL, type CrashJob } from '../test/crash/crash-jobs.js';
import { runCases } from '../test/crash/run-cases.js';

const POLICIES = ['kill', 'keep'] as const;

/** Tests of the large run; there are a few more jobs. */
const LARGE_TESTS = 300;

const [seedText, pointsText = '12'] = process.argv.slice(2);
const seed = Number(seedText ?? Date.now() % 1_000_000);
/** Random places at which the large run is killed, with each policy. */
const largePoints = Number(pointsText);
if (![seed, largePoints].every((value) => Number.isSafeInteger(value) && value >= 0)) {
  process.stderr.write('usage: npm run test:crash [SEED [POINTS]]: whole numbers\n');
  process.exit(2);
}
const random = createRandom(seed);
const dir = mkdtempSync(join(tmpdir(), 'regatta-crash-'));
process.stdout.write(`seed ${seed}\n`);
process.stdout.write('| run | --on-head-death | cases | SIGKILLs | in flight then | started again |\n');
process.stdout.write('|---|---|---:|---:|---:|---:|\n');
try {
  await crashSmall();
  await crashLarge();
  rmSync(dir, { recursive: true });
} catch (error) {
  process.stderr.write(
    `seed ${seed}, in ${dir}: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}

/** Every record of a small run: written whole, and torn at a random byte. */
async function crashSmall(): Promise<void> {
  await crash(`small, ${SMALL.length} jobs`, SMALL, (records) =>
    Array.from({ length: records }, (_, i) => i + 1).flatMap((record) => [
      drawAgain([{ record }]),
      // The header must be whole: before that there is no run to resume.
      ...(record === 1 ? [] : [drawAgain([{ record, share: random() }])]),
    ]),
  );
}

async function crashLarge(): Promise<void> {
  const jobs = drawJobs(seed, LARGE_TESTS);
  await crash(`large, ${jobs.length} jobs`, jobs, (records) =>
    Array.from({ length: largePoints }, () => {
      const record = 2 + Math.floor(random() * (records - 1));
      return drawAgain([random() < 0.5 ? { record } : { record, share: random() }]);
    }),
  );
}

/** Perhaps the processes that resume the run are killed as well. */
function drawAgain(points: readonly CrashPoint[], stream: RandomStream = random): readonly CrashPoint[] {
  if (stream() > 0.3) return points;
  return drawAgain([...points, { record: 1 + Math.floor(stream() * 20) }], stream);
}

async function crash(
  title: string,
  jobs: readonly CrashJob[],
  drawPoints: (records: number) => readonly (readonly CrashPoint[])[],
): Promise<void> {
  const whole = mkdtempSync(join(dir, 'undisturbed-'));
  const expected = await runUndisturbed(whole, jobs);
  for (const policy of POLICIES) {
    const cases = drawPoints(countRecords(whole)).map((points): CrashCase => ({ jobs, policy, points }));
    const folder = join(dir, `${jobs.length}-${policy}`);
    mkdirSync(folder);
    const reports = await runCases(folder, cases, expected);
    const sum = (field: keyof CrashReport): number =>
      reports.reduce((total, report) => total + report[field], 0);
    process.stdout.write(
      `| ${title} | ${policy} | ${cases.length} | ${sum('crashes')} | ${sum('inFlight')} | ${sum('startedAgain')} |\n`,
    );
  }
}
