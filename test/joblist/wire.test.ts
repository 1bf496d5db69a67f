// Writing a job spec and reading it again, and reading what DVSim wrote.
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatJobLines, toWire } from '../../src/joblist/index.js';
import type { FakeBehaviour, JobSpec } from '../../src/model/index.js';
import { makeSpec } from '../support/job-spec.js';
import { needs } from '../support/needs.js';
import { fromRepoRoot } from '../support/repo-root.js';
import { readText } from './read.js';

const text = fc.string({ unit: 'grapheme' });
const textOrNull = fc.option(text);
const number = fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => (value === 0 ? 0 : value));
const key = text.filter((name) => name !== '__proto__');
const path = fc
  .array(fc.string({ unit: 'grapheme', minLength: 1 }).filter((part) => !/^\.{1,2}$|\//.test(part)))
  .map((parts) => `/${parts.join('/')}`);
const fake: fc.Arbitrary<FakeBehaviour> = fc.record(
  { durationS: number, status: fc.constantFrom('passed', 'failed', 'killed'), message: text },
  { requiredKeys: [] },
);

const spec: fc.Arbitrary<JobSpec> = fc.record(
  {
    fullName: text,
    name: text,
    qualName: text,
    jobType: textOrNull,
    target: text,
    backend: textOrNull,
    resources: fc.dictionary(key, fc.option(number)),
    seed: fc.option(fc.maxSafeInteger().map((seed) => seed || 0)),
    block: fc.option(fc.record({ name: text, variant: text }, { noNullPrototype: true })),
    tool: fc.option(fc.record({ name: text, version: text }, { noNullPrototype: true })),
    dependencies: fc.array(text),
    needsAllDependenciesPassing: fc.boolean(),
    weight: number,
    timeoutMins: fc.option(number),
    cmd: text,
    exports: fc.dictionary(key, text),
    dryRun: fc.boolean(),
    interactive: fc.boolean(),
    odir: path,
    renewOdir: fc.boolean(),
    logPath: path,
    linksDir: path,
    passPatterns: fc.array(text),
    failPatterns: fc.array(text),
    fake: fc.option(fake),
  },
  { noNullPrototype: true },
);

describe('a spec that is written', () => {
  test.each(['document', 'lines'] as const)('is read again as it was, from a %s', async (format) => {
    await fc.assert(
      fc.asyncProperty(fc.array(spec, { maxLength: 4 }), async (specs) => {
        const jobs = specs.map((one) => JSON.stringify(toWire(one)));
        const list = format === 'lines' ? jobs.join('\n') : `{"jobs":[${jobs.join(',')}]}`;
        expect((await readText(list, { format })).jobs).toEqual(specs);
      }),
      { seed: 20261124, numRuns: 300 },
    );
  });

  test('is read again as it was from short lines, which leave out what reading fills in', async () => {
    const inScratch = path.map((one) => `/scratch${one === '/' ? '' : one}`);
    const ofDefaults = fc
      .tuple(spec, fc.oneof(path, inScratch), fc.oneof(path, inScratch), fc.boolean())
      .map(([one, odir, linksDir, hasDefaultLog]): JobSpec => {
        const name = one.fullName;
        const logPath = hasDefaultLog ? `${odir === '/' ? '/' : odir}/run.log` : one.logPath;
        return { ...one, name, qualName: name, target: 'run', odir, linksDir, logPath };
      });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(spec, ofDefaults), { maxLength: 4 }), async (specs) => {
        const list = [...formatJobLines(specs, '/scratch')].join('');
        expect((await readText(list, { format: 'lines', cwd: '/scratch' })).jobs).toEqual(specs);
      }),
      { seed: 20261124, numRuns: 300 },
    );
    const [line] = formatJobLines(
      [makeSpec('a', { odir: '/scratch/a', logPath: '/scratch/a/run.log' })],
      '/scratch',
    );
    expect(JSON.parse(line ?? '')).toMatchObject({ full_name: 'a', odir: 'a' });
    expect(line).not.toContain('log_path');
  });

  test('has its fields in the order of a DVSim dump', () => {
    expect(Object.keys(toWire(makeSpec('a')))).toEqual([
      'name',
      'job_type',
      'target',
      'backend',
      'resources',
      'seed',
      'full_name',
      'qual_name',
      'block',
      'tool',
      'workspace_cfg',
      'dependencies',
      'needs_all_dependencies_passing',
      'weight',
      'timeout_mins',
      'cmd',
      'exports',
      'dry_run',
      'interactive',
      'odir',
      'renew_odir',
      'log_path',
      'pass_patterns',
      'fail_patterns',
      'fake',
    ]);
  });
});

const ORACLE = '../shared/oracle';
const withDumps = needs(ORACLE);

withDumps.describe("DVSim's dumps", () => {
  const dumps = withDumps.missing === undefined ? readdirSync(fromRepoRoot(ORACLE)) : [];

  test.each(dumps.filter((file) => file.endsWith('.json')))('%s is read as it is', async (file) => {
    const dump = readFileSync(fromRepoRoot(`${ORACLE}/${file}`), 'utf8');
    const { count, jobs } = JSON.parse(dump.replaceAll(/@SCRATCH@|@PROJ@/g, '/there')) as {
      count: number;
      jobs: Record<string, unknown>[];
    };
    const source = await readText(JSON.stringify({ command: [], count, jobs }));
    expect(source.jobs).toHaveLength(count);
    const written = source.jobs.map((one, at) => {
      const recorded = Object.keys(jobs[at] ?? {});
      return Object.fromEntries(Object.entries(toWire(one)).filter(([field]) => recorded.includes(field)));
    });
    const variantless = (block: unknown): unknown => ({ ...(block as object), variant: '' });
    const expected = jobs.map(({ block, ...fields }) => ({
      ...fields,
      block: (block as { variant: unknown }).variant === null ? variantless(block) : block,
    }));
    expect(written).toEqual(expected);
  });
});
