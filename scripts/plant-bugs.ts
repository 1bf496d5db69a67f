// Plants bugs in the core, one at a time, and tells at which seed the simulator finds each: `npm run plant-bugs`.
// Works on a copy of src/; exits with 1 when a bug is not found or its place in the code is gone.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Bug {
  /** The rule that the bug breaks. */
  readonly rule: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const BUGS: readonly Bug[] = [
  {
    rule: 'a job waits for all its dependencies',
    file: 'core/core.ts',
    from: `if (this.#table.unfinished[job]! > 0) return 'waiting';`,
    to: `if (this.#table.unfinished[job]! > 1) return 'waiting';`,
  },
  {
    rule: 'a needs-all job is killed at the first dependency that does not pass',
    file: 'core/core.ts',
    from: `if (needsAll && !dependencyPassed) return 'killed';`,
    to: `if (needsAll && !dependencyPassed && this.#table.unfinished[job]! === 0) return 'killed';`,
  },
  {
    rule: 'a needs-any job runs only if a dependency passed',
    file: 'core/core.ts',
    from: `return needsAll || this.#table.anyPassed[job] === 1 ? 'ready' : 'killed';`,
    to: `return 'ready';`,
  },
  {
    rule: 'no limit is exceeded',
    file: 'resources/ledger.ts',
    from: `+ claim.amounts[i]! > this.#limits[constraint]!) return constraint;`,
    to: `+ claim.amounts[i]! > this.#limits[constraint]! + 1) return constraint;`,
  },
  {
    rule: 'what a job held is given back when it ends',
    file: 'core/core.ts',
    from: `if (this.#table.isInFlight(job)) this.#admission.release(job);`,
    to: `if (this.#table.phase(job) === PHASE.running) this.#admission.release(job);`,
  },
  {
    rule: 'nothing is submitted during a back-off',
    file: 'core/admission.ts',
    from: `if (this.#inBackoff[backend]!) return { kind: 'backoff', backend };`,
    to: ``,
  },
  {
    rule: 'a killed job is killed, whatever its end says',
    file: 'core/core.ts',
    from: `if (kill === undefined) this.#end(job, outcome, facts);`,
    to: `if (kill === undefined || outcome.status === 'passed') this.#end(job, outcome, facts);`,
  },
  {
    rule: 'a late message of an earlier attempt means nothing',
    file: 'core/core.ts',
    from: `return this.#table.attempts[job] === attempt && this.#table.isInFlight(job);`,
    to: `return attempt > 0 && this.#table.isInFlight(job);`,
  },
  {
    rule: 'a limit that is raised lets waiting jobs start',
    file: 'core/admission.ts',
    from: `    this.#constraints.ledger.setLimit(constraint, limit);
    this.#open(constraint);`,
    to: `    this.#constraints.ledger.setLimit(constraint, limit);`,
  },
  {
    rule: 'the better job of a class goes first',
    file: 'util/int-heap.ts',
    from: `if (above <= value) break;`,
    to: `if (above >= value) break;`,
  },
  {
    rule: 'a job being submitted when the stop comes is killed once accepted',
    file: 'core/core.ts',
    from: `        this.#sendKillAskedMeanwhile(job);
        break;`,
    to: `        break;`,
  },
  {
    rule: 'nothing starts after a stop',
    file: 'core/core.ts',
    from: `if (this.#stopMode === null) this.#admit();`,
    to: `this.#admit();`,
  },
  {
    rule: 'room kept for a large job is given up when its backend backs off',
    file: 'core/admission.ts',
    from: `this.#constraints.classes[this.#reservedClass]!.backend === backend`,
    to: `this.#constraints.classes[this.#reservedClass]!.backend !== backend`,
  },
  {
    rule: 'a run ends even if a backend never reports the end of a killed job',
    file: 'core/core.ts',
    from: `      this.#expectEnd(job);
`,
    to: ``,
  },
  {
    rule: 'a reason names the job that started it all',
    file: 'core/core.ts',
    from: `status, culprit: own.culprit, because: own.because }`,
    to: `status, culprit: name, because: own.because }`,
  },
];

/** Seeds tried before a bug counts as not found. */
const MAX_SEEDS = 20_000;

const root = fileURLToPath(new URL('..', import.meta.url));

const HUNT = `
import { simulate } from './src/testing/index.js';
for (let seed = 1; seed <= ${MAX_SEEDS}; seed++) {
  try { simulate(seed); } catch (error) {
    console.log(JSON.stringify({ seed, message: String(error.message).split('\\n')[0] }));
    break;
  }
}`;

function hunt(bug: Bug | null): { readonly seed: number; readonly message: string } | undefined {
  const copy = mkdtempSync(join(tmpdir(), 'regatta-bug-'));
  try {
    cpSync(join(root, 'src'), join(copy, 'src'), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    writeFileSync(join(copy, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(copy, 'hunt.ts'), HUNT);
    if (bug !== null) plant(bug, join(copy, 'src', bug.file));
    const output = execFileSync(process.execPath, ['--import', 'tsx', 'hunt.ts'], {
      cwd: copy,
      encoding: 'utf8',
    });
    return output === '' ? undefined : (JSON.parse(output) as { seed: number; message: string });
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function plant({ rule, from, to }: Bug, path: string): void {
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2)
    throw new Error(`the place of the bug against "${rule}" is not once in ${path}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
}

let missed = 0;
process.stdout.write('| rule broken | seed | found as |\n|---|---|---|\n');
for (const bug of BUGS) {
  const found = hunt(bug);
  if (found === undefined) missed++;
  const message = found?.message.replace(/^seed \d+, /, '') ?? '';
  process.stdout.write(`| ${bug.rule} | ${found?.seed ?? 'not found'} | ${message} |\n`);
}
process.exitCode = missed > 0 ? 1 : 0;
