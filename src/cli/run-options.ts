// What the command line says about a run as a whole, read and checked; the jobs' own options are the flow's.
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { readFlowOptions, readOptions, type RawOptions } from '../flow/options/read-options.js';
import type { FlowOptions } from '../flow/options/options.js';
import { UserError, type Problem } from '../model/problem.js';
import type { Durability } from '../journal/index.js';
import type { StatusMode } from '../observers/status/status-stream.js';
import { FAKE, LOCAL } from './backend-names.js';
import { RUN_COMMAND_OPTIONS, type LOG_LEVELS } from './option-tables.js';
import { BARE_SITE, type GivenOptions, type Site } from './site/site.js';

/** Options of a run, with their defaults filled in. */
export interface RunOptions {
  readonly flow: FlowOptions;
  readonly site: Site;
  readonly backend: string;
  /** Most jobs at once. */
  readonly maxParallel: number;
  /** Whether that was said, and is not just the default. */
  readonly isMaxParallelGiven: boolean;
  /** What was said of backends: values by option, by backend. */
  readonly backendOptions: GivenOptions;
  /** Units of each named resource. */
  readonly resources: Readonly<Record<string, number>>;
  readonly onMissingResource: 'ignore' | 'warn' | 'error';
  readonly maxOdirs: number;
  readonly printIntervalS: number;
  readonly failFast: number | null;
  readonly infraRetries: number;
  /** Most new buckets whose first failure is run again; null: none is. */
  readonly rerunNewBuckets: number | null;
  readonly killGraceS: number;
  readonly onHeadDeath: 'kill' | 'keep';
  readonly durability: Durability;
  readonly selfCheck: boolean;
  readonly dryRun: boolean;
  /** Further places for results.json and junit.xml; here and below `-` is standard output. */
  readonly resultsFile: string | null;
  readonly junitFile: string | null;
  /** The history to add to; null: the one in the scratch root. */
  readonly historyFile: string | null;
  /** Base URL of an OpenTelemetry collector; null: as the environment says. */
  readonly otlpEndpoint: string | null;
  /** Where the run's figures go as a Prometheus textfile. */
  readonly prometheusFile: string | null;
  readonly status: StatusMode;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly virtualClock: boolean;
  readonly fakeSeed: number;
  /** Set by `--list`: the categories to list; empty: all. */
  readonly list: readonly string[] | null;
}

/** Options that name a file the run writes. */
const OUTPUTS: readonly string[] = ['results', 'junit', 'history', 'prometheus'];

/** DVSim's default, for who comes from there; `DVSIM_MAX_PARALLEL` changes it there and here. */
const DEFAULT_MAX_PARALLEL = 16;

/**
 * @param site - Default: one without config file and plugins.
 * @throws UserError with every option whose value cannot be taken.
 */
export function readRunOptions(raw: RawOptions, env: NodeJS.ProcessEnv, site: Site = BARE_SITE): RunOptions {
  const given = readOptions(RUN_COMMAND_OPTIONS, raw);
  checkOutputs(given);
  const flow = readFlowOptions(raw);
  return {
    flow,
    site,
    backend: readBackend(given) ?? site.backend ?? LOCAL,
    maxParallel: (given.maxParallel as number | undefined) ?? readDefaultParallel(env),
    isMaxParallelGiven: given.maxParallel !== undefined || (env.DVSIM_MAX_PARALLEL ?? '') !== '',
    backendOptions: readBackendOptions((given.backendOpt as readonly string[] | undefined) ?? []),
    resources: readResources((given.resource as readonly string[] | undefined) ?? []),
    onMissingResource: (given.onMissingResource as RunOptions['onMissingResource'] | undefined) ?? 'ignore',
    maxOdirs: (given.maxOdirs as number | undefined) ?? 5,
    printIntervalS: (given.printInterval as number | undefined) ?? 10,
    failFast: given.failFast === undefined ? null : Number(given.failFast),
    rerunNewBuckets: given.rerunNewBuckets === undefined ? null : Number(given.rerunNewBuckets),
    infraRetries: (given.infraRetries as number | undefined) ?? 2,
    killGraceS: (given.killGrace as number | undefined) ?? 10,
    onHeadDeath: (given.onHeadDeath as RunOptions['onHeadDeath'] | undefined) ?? 'kill',
    durability: (given.durability as Durability | undefined) ?? 'batch',
    selfCheck: given.selfCheck === true,
    dryRun: flow.dryRun === true,
    resultsFile: (given.results as string | undefined) ?? null,
    junitFile: (given.junit as string | undefined) ?? null,
    historyFile: (given.history as string | undefined) ?? null,
    otlpEndpoint: readUrl(given.otlpEndpoint as string | undefined),
    prometheusFile: (given.prometheus as string | undefined) ?? null,
    status: (given.status as StatusMode | undefined) ?? 'auto',
    logLevel: (given.logLevel as RunOptions['logLevel'] | undefined) ?? 'info',
    virtualClock: given.virtualClock === true,
    fakeSeed: given.fakeSeed === undefined ? 1 : Number(given.fakeSeed),
    list: (given.list as readonly string[] | undefined) ?? null,
  };
}

/** The backend that the options name, if they do. Two of them would be a guess, and the wrong one could cost a night of licences. */
function readBackend(given: Readonly<Record<string, unknown>>): string | undefined {
  const named = [
    ...(typeof given.backend === 'string' ? [['--backend', given.backend] as const] : []),
    ...(given.fake === true ? [['--fake', FAKE] as const] : []),
    ...(given.local === true ? [['--local', LOCAL] as const] : []),
  ];
  const [first] = named;
  const other = named.find(([, backend]) => backend !== first?.[1]);
  if (first === undefined || other === undefined) return first?.[1];
  throw new UserError({
    code: 'bad-option',
    message: `${first[0]} and ${other[0]} name two backends, ${first[1]} and ${other[1]}`,
    hint: 'give one of them',
  });
}

/** Refuses two outputs in one place: of such a pair only the last would be left, or on standard output a mixture. */
function checkOutputs(given: Readonly<Record<string, unknown>>): void {
  const optionOf = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { field, long } of RUN_COMMAND_OPTIONS) {
    const file = given[field];
    if (!OUTPUTS.includes(field) || typeof file !== 'string') continue;
    const path = file === '-' ? '/dev/stdout' : resolve(file);
    const other = optionOf.get(path);
    if (other !== undefined && path !== '/dev/null') {
      problems.push({
        code: 'bad-option',
        message: `${other} and ${long} both name ${JSON.stringify(file)}`,
        hint: 'each needs a file of its own',
      });
    }
    optionOf.set(path, long);
  }
  if (problems.length > 0) throw new UserError(problems);
}

function readUrl(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new UserError({
    code: 'bad-option',
    message: `--otlp-endpoint must be a URL, not ${JSON.stringify(text)}`,
    hint: 'such as http://localhost:4318',
  });
}

function readDefaultParallel(env: NodeJS.ProcessEnv): number {
  const text = env.DVSIM_MAX_PARALLEL;
  if (text === undefined || text === '') return DEFAULT_MAX_PARALLEL;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UserError({
    code: 'bad-option',
    message: `the environment variable DVSIM_MAX_PARALLEL must be a whole number >= 1, not ${JSON.stringify(text)}`,
    hint: `unset it, or give --max-parallel (this machine has ${availableParallelism()} processors)`,
  });
}

function readResources(texts: readonly string[]): Record<string, number> {
  const problems: Problem[] = [];
  const resources: Record<string, number> = Object.create(null) as Record<string, number>;
  for (const text of texts) {
    const [, name, amount] = /^([^=]+)=(\d{1,15})$/.exec(text) ?? [];
    if (name === undefined) {
      problems.push({
        code: 'bad-option',
        message: `--resource must be NAME=N with a whole number N >= 0, not ${JSON.stringify(text)}`,
      });
    } else {
      resources[name] = Number(amount);
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  return resources;
}

function readBackendOptions(texts: readonly string[]): RunOptions['backendOptions'] {
  const problems: Problem[] = [];
  const options = Object.create(null) as Record<string, Record<string, string>>;
  for (const text of texts) {
    const [, backend, name, value] = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(text) ?? [];
    if (backend === undefined || name === undefined || value === undefined) {
      problems.push({
        code: 'bad-option',
        message: `--backend-opt must be BACKEND.OPTION=VALUE, not ${JSON.stringify(text)}`,
        hint: 'for example slurm.partition=night',
      });
    } else {
      (options[backend] ??= Object.create(null) as Record<string, string>)[name] = value;
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  return options;
}
