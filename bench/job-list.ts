// Measures how long 100,000 jobs take to be read from lines and from a document. Run by `npm run bench:job-list`.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJobList } from '../src/joblist/index.js';

const JOBS = 100_000;
const RUNS = 5;
/** A CI machine's patience with the start of a nightly. */
const MOST_MS = 1500;

/** A run of a test, as DVSim would describe it: about 450 bytes. */
function makeJob(index: number): object {
  return {
    name: 'uart_smoke',
    full_name: `uart:${index}.uart_smoke`,
    qual_name: `${index}.uart_smoke`,
    job_type: 'RunTest',
    target: 'run',
    resources: { VCS: 1 },
    seed: index * 7919,
    block: { name: 'uart', variant: '' },
    tool: { name: 'vcs', version: '' },
    dependencies: index % 10 === 0 ? [] : [`uart:${index - (index % 10)}.uart_smoke`],
    timeout_mins: 60,
    cmd: `simv +ntb_random_seed=${index * 7919} +UVM_TESTNAME=uart_smoke_test`,
    exports: { SIMULATOR: 'vcs', WAVES: 'none' },
    fail_patterns: ['^UVM_(ERROR|FATAL).*$'],
  };
}

async function measure(path: string): Promise<number> {
  const start = performance.now();
  const { jobs } = await readJobList(path, { scratchRoot: '/nowhere/scratch' });
  const elapsedMs = performance.now() - start;
  // Were a job lost, the time would mean nothing.
  if (jobs.length !== JOBS) throw new Error('the list was not read');
  return elapsedMs;
}

const dir = mkdtempSync(join(tmpdir(), 'regatta-bench-'));
try {
  const lines = Array.from({ length: JOBS }, (_, index) => JSON.stringify(makeJob(index)));
  writeFileSync(join(dir, 'jobs.jsonl'), lines.join('\n'));
  writeFileSync(join(dir, 'jobs.json'), `{"jobs":[\n${lines.join(',\n')}\n]}`);
  const load = loadavg()[0]?.toFixed(1) ?? '?';
  process.stdout.write(`${cpus()[0]?.model ?? '?'}, load ${load}, Node ${process.versions.node}\n`);
  for (const name of ['jobs.jsonl', 'jobs.json']) {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run++) times.push(await measure(join(dir, name)));
    times.sort((a, b) => a - b);
    const median = times[RUNS >> 1] ?? Infinity;
    const megabytes = statSync(join(dir, name)).size / 1e6;
    const verdict = median <= MOST_MS ? 'ok' : 'TOO SLOW';
    process.stdout.write(
      `${name}: ${JOBS} jobs, ${megabytes.toFixed(0)} MB in ${median.toFixed(0)} ms (most ${MOST_MS}): ${verdict}\n`,
    );
    if (median > MOST_MS) process.exitCode = 1;
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}
