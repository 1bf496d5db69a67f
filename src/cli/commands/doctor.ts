// `regatta doctor`: looks at the backends and tries each out with one job. Leaves nothing behind.
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { createCommandRunner } from '../../backends/batch/run-command.js';
import type { BatchEngine } from '../../backends/batch/engine.js';
import { LocalBackend } from '../../backends/index.js';
import { codeOf, describeCode } from '../../backends/scratch/system-error.js';
import { RealClock } from '../../driver/real-clock.js';
import { readOptions, type RawOptions } from '../../flow/options/read-options.js';
import { parseJobList } from '../../joblist/index.js';
import type { Backend } from '../../model/backend.js';
import { UserError } from '../../model/problem.js';
import { makeDirectories } from '../../util/make-directories.js';
import { composeBackends } from '../compose.js';
import { examineEngine, askStates } from '../doctor/examine-engine.js';
import { examineLauncher, examineMachine } from '../doctor/examine-local.js';
import { formatExamination, ok, problem, type Examination, type Finding } from '../doctor/finding.js';
import { tryOut, type TrialJob } from '../doctor/try-out.js';
import { ExitCode } from '../exit-codes.js';
import type { CliStreams } from '../main.js';
import { DOCTOR_COMMAND_OPTIONS } from '../option-tables.js';
import { createRunId, nameFiles } from '../run-directory.js';
import { readRunOptions, type RunOptions } from '../run-options.js';
import {
  namesOf,
  openSite,
  readBackendSettings,
  unknownBackend,
  type BackendSettings,
} from '../site/site.js';

/** Backends that need nothing to be set up. */
const PLAIN: ReadonlySet<string> = new Set(['local', 'fake']);

/** Longest time for a command of an engine. */
const COMMAND_MS = 30_000;

/** Where a trial takes place; removed afterwards. */
interface Surroundings {
  readonly runId: string;
  readonly path: string;
  readonly options: RunOptions;
  readonly settings: ReadonlyMap<string, BackendSettings>;
  readonly waitMs: number;
}

/**
 * Examines the backend named, or without a name all that are there.
 * @returns JOBS_FAILED when anything is to be mended.
 * @throws UserError for a backend that is not known, and for what is wrong with the config.
 */
export async function doctorCommand(given: RawOptions, streams: CliStreams): Promise<ExitCode> {
  const { wait = 60, scratchRoot = 'scratch' } = readOptions(DOCTOR_COMMAND_OPTIONS, given) as {
    readonly wait?: number;
    readonly scratchRoot?: string;
  };
  const { site, raw } = await openSite(given, process.cwd());
  const options = readRunOptions(raw, process.env, site);
  const known = namesOf(site);
  const named = typeof given.backend === 'string' ? given.backend : null;
  if (named !== null && !known.has(named)) throw new UserError(unknownBackend(named, known));
  const settings = readBackendSettings(site, options.backendOptions);
  const runId = `doctor-${createRunId(new Date())}`;
  const path = resolve(scratchRoot, '.regatta', runId);
  const surroundings = { runId, path, options, settings, waitMs: wait * 1000 };
  let isWell = true;
  const show = (examination: Examination): void => {
    streams.stdout.write(formatExamination(examination));
    if (examination.findings.some(({ level }) => level === 'problem')) isWell = false;
  };
  const place = makePlace(path, resolve(scratchRoot));
  show({ backend: 'scratch root', findings: [place] });
  if (place.level === 'problem') return ExitCode.JOBS_FAILED;
  try {
    for (const backend of named === null ? known : [named]) {
      if (backend === 'fake' && named === null) continue;
      const findings = await examine(backend, surroundings);
      const isNeeded = named !== null || PLAIN.has(backend) || isWanted(backend, options);
      show({ backend, findings: isNeeded ? findings : findings.map(soften) });
    }
  } finally {
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
  return isWell ? ExitCode.OK : ExitCode.JOBS_FAILED;
}

function makePlace(path: string, scratchRoot: string): Finding {
  try {
    makeDirectories(path);
    return ok(`${scratchRoot} can be written`);
  } catch (error) {
    return problem(
      `${scratchRoot} cannot be written: ${describeCode(codeOf(error))}`,
      'choose another with --scratch-root DIR',
    );
  }
}

/** Whether a backend is one that runs here use. */
function isWanted(name: string, { backend, site }: RunOptions): boolean {
  return name === backend || Object.hasOwn(site.config?.backends ?? {}, name);
}

/** What is wrong with a backend that nobody uses is worth a note. */
function soften(finding: Finding): Finding {
  return finding.level === 'problem' ? { ...finding, level: 'note' } : finding;
}

async function examine(name: string, around: Surroundings): Promise<readonly Finding[]> {
  const engine = around.options.site.engines.find((one) => one.name === name);
  if (name === 'fake') return [ok('runs nothing, and needs nothing')];
  if (engine !== undefined) return examineBatch(engine, around);
  const before = name === 'local' ? examineMachine() : [];
  if (before.some(({ level }) => level === 'problem')) return before;
  const job = await makeTrialJob(name, around);
  const backend = makeBackend(name, around);
  const findings = await tryOut(backend, job);
  const launcher = backend instanceof LocalBackend ? examineLauncher(backend.facts) : [];
  return [...before, ...launcher, ...findings];
}

async function examineBatch(engine: BatchEngine, around: Surroundings): Promise<readonly Finding[]> {
  const run = createCommandRunner(engine, COMMAND_MS);
  const before = await examineEngine(engine, run);
  if (before.some(({ level }) => level === 'problem')) return before;
  const job = await makeTrialJob(engine.name, around);
  const scope = { namePrefix: `rgt-${around.runId}-`, user: userInfo().username };
  return [
    ...before,
    ...(await tryOut(makeBackend(engine.name, around), job, () => askStates(engine, run, scope))),
  ];
}

function makeBackend(name: string, { runId, path, options, settings }: Surroundings): Backend {
  const [backend] = composeBackends({ backendNames: [name], settings }, options, {
    runId,
    clock: new RealClock(),
    kept: { directory: nameFiles(path), session: 1 },
    warn: () => undefined,
  });
  if (backend === undefined) throw new Error(`no backend ${name}`);
  return backend;
}

/** A job that shows what it finds in a file of ours. */
async function makeTrialJob(name: string, { path, waitMs }: Surroundings): Promise<TrialJob> {
  const token = randomBytes(8).toString('hex');
  const odir = join(path, 'trial', name);
  const job = { full_name: `trial-${name}`, cmd: `echo ${token}`, odir };
  const text = Buffer.from(JSON.stringify(job));
  const { jobs } = await parseJobList(text, { file: 'trial', scratchRoot: path, format: 'lines' });
  const [spec] = jobs;
  if (spec === undefined) throw new Error('no trial job');
  return { spec, token, waitMs };
}
