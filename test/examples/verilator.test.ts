// The examples on Verilator through the real command: coverage of the runs that passed, lint, and both in every report.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import type { BlockCoverage, FlowRecord, OneShotResult, Results } from '../../src/results/index.js';
import { startRegatta } from '../support/command.js';
import { needs } from '../support/needs.js';
import { fromRepoRoot } from '../support/repo-root.js';
import { makeTempDir } from '../support/temp-dir.js';
import { runProgram } from './example-tools.js';

const { describe, it } = needs('verilator', 'verilator_coverage', 'make', 'awk');

vi.setConfig({ testTimeout: 180_000 });

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly scratch: string;
  readonly results: Results;
  readonly report: (format: string) => Promise<string>;
}

async function runExample(config: string, ...options: string[]): Promise<Run> {
  const scratch = makeTempDir();
  const common = ['--proj-root', '.', '--branch', 'b', '--scratch-root', scratch, '--status', 'none'];
  const ended = await startRegatta(fromRepoRoot('.'), ['run', `examples/${config}`, ...common, ...options])
    .ended;
  const path = join(scratch, '.regatta/latest/results.json');
  return {
    code: ended.code,
    stdout: ended.stdout,
    scratch,
    results: JSON.parse(readFileSync(path, 'utf8')) as Results,
    report: async (format) => {
      const argv = ['report', '--scratch-root', scratch, '--format', format];
      return (await startRegatta(fromRepoRoot('.'), argv).ended).stdout;
    },
  };
}

/** The last five are those of fifo_random: three of them find a bug. */
const SEEDS = Array.from({ length: 10 }, (_, index) => String(index + 21));

describe('coverage', () => {
  it('is merged over the seeds that passed, and the same in every report', async () => {
    const items = ['-i', 'fifo_smoke', 'fifo_random', '--reseed', '5', '--seeds', ...SEEDS];
    const { code, stdout, scratch, results, report } = await runExample(
      'examples_sim_cfgs.hjson',
      ...['--tool', 'verilator', '--cov', '--select-cfgs', 'fifo', '--build-modes', 'buggy', ...items],
    );
    const runs = results.jobs.filter(({ target }) => target === 'run');
    const passed = runs.filter(({ status }) => status === 'passed');
    expect(code).toBe(1);
    expect(runs).toHaveLength(10);
    expect(passed).toHaveLength(7);

    // Of the runs that failed, nothing is left to be merged.
    const record = JSON.parse(readFileSync(join(scratch, '.regatta/latest/flow.json'), 'utf8')) as FlowRecord;
    const kept = runs.filter(({ full_name }) => existsSync(record.coverage_of_run[full_name] ?? ''));
    expect(kept).toEqual(passed);

    // The tool's own merge of just those runs, counted by hand.
    const merged = join(scratch, 'by-hand.dat');
    const files = kept.map(({ full_name }) => join(record.coverage_of_run[full_name] ?? '', 'coverage.dat'));
    expect(runProgram(scratch, ['verilator_coverage', '--write', merged, ...files]).code).toBe(0);
    const points = readFileSync(merged, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('C '));
    const figures = ['line', 'branch', 'toggle'].map((metric) => {
      const own = points.filter((point) => point.includes(`v_${metric}/`));
      return { metric, total: own.length, covered: own.filter((point) => !point.endsWith(' 0')).length };
    });
    const json = JSON.parse(await report('json')) as { coverage: BlockCoverage[] };
    const [block] = json.coverage;
    expect(block?.runs).toEqual({ total: 10, counted: passed.length });
    expect(block?.notices).toEqual([]);
    const [text, markdown] = [await report('text'), await report('md')];
    for (const { metric, total, covered } of figures) {
      expect(total).toBeGreaterThan(5);
      expect(block?.metrics).toContainEqual(expect.objectContaining({ name: metric, total, covered }));
      for (const shown of [text, markdown]) expect(shown).toContain(`(${covered}/${total})`);
      expect(stdout).toContain(`${metric} ${((100 * covered) / total).toFixed(2)} %`);
    }
    expect(block?.groups.map(({ name }) => name)).toEqual(['level_cg', 'traffic_cg', 'clear_cg']);
  });
});

describe('lint', () => {
  it('passes on the clean designs; what the benches do on purpose is waived', async () => {
    const { code, report } = await runExample('examples_lint_cfgs.hjson');
    expect(code).toBe(0);
    const { one_shot } = JSON.parse(await report('json')) as { one_shot: OneShotResult[] };
    expect(one_shot.map(({ full_name }) => full_name)).toEqual([
      'fifo:default',
      'fifo:bench',
      'uart:default',
      'uart:bench',
    ]);
    for (const { status, mode, counts, notices } of one_shot) {
      expect({ status, notices }).toEqual({ status: 'passed', notices: [] });
      const { waived, ...others } = counts;
      expect(others).toEqual({ error: 0, warning: 0, review: 0, info: 0 });
      expect(waived > 0).toBe(mode === 'bench');
    }
  });

  it('fails, as in DVSim, on what is not waived, and the message is in every report', async () => {
    const { code, stdout, results, report } = await runExample(
      'examples_lint_cfgs.hjson',
      '--build-opts=-DBUGGY',
    );
    expect(code).toBe(1);
    const failed = results.jobs.filter(({ status }) => status === 'failed');
    expect(failed.map(({ full_name }) => full_name)).toContain('uart:default');
    expect(failed[0]?.reason?.message).toMatch(/^%Warning-UNUSEDSIGNAL: .*uart_tx\.sv:\d+:\d+: /);
    const { one_shot } = JSON.parse(await report('json')) as { one_shot: OneShotResult[] };
    const result = one_shot.find(({ full_name }) => full_name === 'uart:default');
    expect(result).toMatchObject({ status: 'failed', counts: { error: 0, warning: 1 } });
    expect(result?.messages[0]).toMatchObject({ label: 'lint warnings', count: 1, is_fatal: true });
    expect(stdout).toMatch(/^messages 0 errors, 2 warnings, 0 reviews, 0 infos, \d+ waived$/m);
    expect(await report('text')).toContain('%Warning-UNUSEDSIGNAL');
    expect(await report('md')).toContain('%Warning-UNUSEDSIGNAL');
  });

  it('that cannot even start is an error, not a clean result', async () => {
    const { results, scratch, report } = await runExample(
      'examples_lint_cfgs.hjson',
      ...['--select-cfgs', 'fifo', '--job-prefix', 'no-such-program'],
    );
    expect(results.counts).toMatchObject({ total: 2, failed: 2 });
    expect(readdirSync(join(scratch, 'b/fifo-lint-verilator/default'))).toContain('results.hjson');
    const { one_shot } = JSON.parse(await report('json')) as { one_shot: OneShotResult[] };
    expect(one_shot[0]?.messages[0]?.examples).toEqual(['%Error: the linter ended with exit code 127']);
  });
});
