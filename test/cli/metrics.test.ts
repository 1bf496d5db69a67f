// Pins what a real run leaves of its measurements: metrics.json and the Prometheus file.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import type { Metrics } from '../../src/results/index.js';
import { regatta, regattaAfter, writeJobs } from '../support/command.js';
import { fromRepoRoot } from '../support/repo-root.js';
import { makeTempDir } from '../support/temp-dir.js';

/** Uses some CPU time, and some memory beyond what a process starts with. */
const BUSY = `node -e 'const b = Buffer.alloc(2e8, 1); for (let i = 0; i < 3e7; i++) b[i] += i'`;

it('a run of real jobs is measured', async () => {
  const dir = makeTempDir();
  const jobs = writeJobs(dir, [
    { full_name: 'busy', cmd: BUSY, resources: { vcs: 1 } },
    { full_name: 'after', cmd: 'true', deps: ['busy'], resources: { vcs: 1 } },
    { full_name: 'bad', cmd: 'exit 1' },
  ]);
  const { code } = await regatta(
    dir,
    'run',
    jobs,
    '-R',
    'vcs=1',
    '--prometheus',
    'run.prom',
    '--status',
    'none',
  );
  expect(code).toBe(1);
  const metrics = JSON.parse(
    readFileSync(join(dir, 'scratch/.regatta/latest/metrics.json'), 'utf8'),
  ) as Metrics;
  expect(metrics.usage_source).toEqual({ local: 'rusage' });
  const [busy] = metrics.jobs;
  expect(busy).toMatchObject({ full_name: 'busy', status: 'passed', backend: 'local' });
  // Which of the two jobs that are ready at once starts first is the launcher's affair.
  expect([1, 2]).toContain(busy?.slot);
  expect(busy?.cpu_s).toBeGreaterThan(0);
  expect(busy?.max_rss_kib).toBeGreaterThan(190_000);
  expect(metrics.totals.max_rss_kib).toBe(busy?.max_rss_kib);
  expect(metrics.critical_path.steps.map(({ full_name: name }) => name)).toEqual(['busy', 'after']);
  expect(metrics.resources.vcs).toMatchObject({ limit: 1, peak: 1 });
  const text = readFileSync(join(dir, 'run.prom'), 'utf8');
  expect(text).toMatch(/^regatta_jobs\{status="passed"\} 2$/m);
  expect(text).toMatch(/^regatta_slots_idle_seconds\{cause="no_ready_job"\} \d/m);
  expect((await regatta(dir, 'report', '--format', 'prometheus')).stdout).toBe(text);
});

it('a Prometheus file that cannot be written is an error, and the other files are written', async () => {
  const dir = makeTempDir();
  const jobs = writeJobs(dir, [{ full_name: 'a', cmd: 'true' }]);
  const { code, stderr } = await regatta(dir, 'run', jobs, '--prometheus', '/dev/full', '--status', 'none');
  expect(code).toBe(3);
  expect(stderr).toMatch(/^regatta: error: cannot write \/dev\/full: /m);
  expect(readFileSync(join(dir, 'scratch/.regatta/latest/metrics.json'), 'utf8')).toContain(
    '"full_name":"a"',
  );
});

/** A plugin with a backend `mine` that passes every job at once, and says what it used. */
const MINE = `
class Mine {
  name = 'mine';
  open = async (sink) => { this.sink = sink; };
  submit = async (batch) => {
    const end = { end: { kind: 'exited', exitCode: 0 }, usage: { cpuMs: 1500 } };
    setImmediate(() => this.sink.ended(batch.map(({ job, attempt }) => ({ job, attempt, ...end }))));
    return batch.map(() => ({ kind: 'accepted', running: true }));
  };
  kill = async () => {};
  close = async () => {};
}
export default { name: 'mine', create: () => new Mine() };
`;

it('says who measured: of a batch engine the script of the task, of a plugin its backend', async () => {
  const dir = makeTempDir();
  const cluster = join(dir, 'cluster');
  mkdirSync(cluster);
  writeFileSync(join(dir, 'mine.mjs'), MINE);
  const jobs = writeJobs(dir, [
    { full_name: 'far', cmd: 'true', backend: 'lsf' },
    { full_name: 'own', cmd: 'true', backend: 'mine' },
  ]);
  const path = `${fromRepoRoot('test/backends/batch/fakes/lsf')}${delimiter}$PATH`;
  const { code } = await regattaAfter(
    dir,
    `export PATH="${path}" FAKE_CLUSTER='${cluster}'`,
    ...['run', jobs, '--plugin', './mine.mjs', '--status', 'none'],
  );
  expect(code).toBe(0);
  const metrics = JSON.parse(
    readFileSync(join(dir, 'scratch/.regatta/latest/metrics.json'), 'utf8'),
  ) as Metrics;
  expect(metrics.usage_source).toEqual({ lsf: 'wrapper', mine: 'backend' });
  expect(metrics.jobs[0]?.cpu_s).not.toBeNull();
  expect(metrics.jobs[1]?.cpu_s).toBe(1.5);
  const report = await regatta(dir, 'report', '--format', 'text');
  expect(report.stderr).not.toContain('metrics.json');
});
