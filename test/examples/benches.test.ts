// Tests of the example benches on Icarus Verilog: the clean designs pass, and each planted bug is found, by its own
// message, at a pinned seed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { needs } from '../support/needs.js';
import { makeTempDir } from '../support/temp-dir.js';
import { EXAMPLES, runProgram } from './example-tools.js';

const { it } = needs('iverilog', 'vvp');

const SOURCES = {
  fifo: ['fifo/rtl/fifo.sv', 'fifo/dv/fifo_tb.sv'],
  uart: ['uart/rtl/uart_tx.sv', 'uart/rtl/uart_rx.sv', 'uart/rtl/uart.sv', 'uart/dv/uart_tb.sv'],
};

interface Simulation {
  readonly lines: readonly string[];
  /** The text of the coverage file, undefined when none was written. */
  readonly coverage: string | undefined;
}

/** How long a run may take before it is killed. A clean one of these takes about a tenth of a second. */
const HANG_MS = 3000;

/** Compiles a bench in a fresh folder; returns what runs it there with the knobs it is given. */
function build(
  block: keyof typeof SOURCES,
  ...defines: readonly string[]
): (...knobs: string[]) => Simulation {
  const cwd = makeTempDir();
  const sources = SOURCES[block].map((path) => join(EXAMPLES, path));
  const options = ['-g2012', `-I${join(EXAMPLES, 'dv/tb')}`, '-s', `${block}_tb`, '-o', 'sim.vvp'];
  const compiled = runProgram(cwd, ['iverilog', ...options, ...defines, ...sources]);
  expect(compiled).toMatchObject({ code: 0, stdout: '' });
  return (...knobs) => {
    const { stdout } = runProgram(cwd, ['vvp', '-n', 'sim.vvp', ...knobs, '+fcov=fcov.txt'], HANG_MS);
    const file = join(cwd, 'fcov.txt');
    const coverage = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    // Later versions than 11 say themselves where $finish was called.
    const lines = stdout.split('\n').filter((line) => line !== '' && !line.includes('$finish called'));
    return { lines, coverage };
  };
}

it('a clean run ends with its simulated time and the verdict, and writes whole coverage', () => {
  const { lines, coverage } = build('fifo')('+test=fifo_random', '+n=20', '+seed=7');
  expect(lines).toEqual([
    'INFO: @ 0 ns: test fifo_random, seed 7, 20 transactions',
    expect.stringMatching(/^INFO: @ \d+ ns: 2\d of 20 transactions done$/),
    expect.stringMatching(/^Simulated time: \d+ ns$/),
    'TEST PASSED CHECKS',
  ]);
  expect(coverage).toMatch(
    /^fcov 1\ntest fifo_random\nseed 7\n(bin \w+\.\w+\.\w+ \d+\n){18}verdict passed\nend 18\n$/,
  );
});

const SEEDS = ['1', '2', '3', '4294967295'].map((seed) => `+seed=${seed}`);

it('the clean FIFO passes with any knob, in both depths', () => {
  for (const simulate of [build('fifo'), build('fifo', '-DFIFO_DEPTH=16')]) {
    for (const knobs of [['+swing=1'], ['+wr_pct=90', '+rd_pct=35'], ['+clear_every=50']]) {
      for (const seed of SEEDS) expect(simulate(...knobs, seed).lines.at(-1)).toBe('TEST PASSED CHECKS');
    }
  }
});

it('the clean UART passes with any knob', () => {
  const simulate = build('uart');
  for (const knobs of [['+parity=1'], ['+glitch_pct=30'], ['+error_pct=30'], ['+any_time=1']]) {
    for (const seed of SEEDS) {
      expect(simulate('+n=40', ...knobs, seed).lines.at(-1)).toBe('TEST PASSED CHECKS');
    }
  }
});

it('the same seed gives the same run', () => {
  const simulate = build('uart');
  const first = simulate('+n=20', '+seed=11');
  expect(simulate('+n=20', '+seed=11')).toEqual(first);
  expect(simulate('+n=20', '+seed=12')).not.toEqual(first);
});

/** One planted bug: how to build and run it, and the one error it must give. */
interface PlantedBug {
  readonly block: keyof typeof SOURCES;
  readonly defines: readonly string[];
  readonly knobs: readonly string[];
  readonly error: RegExp;
}

const BUGS: Readonly<Record<string, PlantedBug>> = {
  'a word survives a clear in the count': {
    block: 'fifo',
    defines: [],
    knobs: ['+n=1000', '+clear_every=800', '+seed=7'],
    error: /: level mismatch: expected 0 got 7$/,
  },
  'a write is lost': {
    block: 'fifo',
    defines: [],
    knobs: ['+n=1000', '+seed=0'],
    error: /: data mismatch: expected 0x1f got 0x9f$/,
  },
  'the early warning drops': {
    block: 'fifo',
    defines: ['-DFIFO_DEPTH=16'],
    knobs: ['+n=400', '+seed=2'],
    error: /: almost_full is 0 with 14 of 16 words held$/,
  },
  'a stale parity bit': {
    block: 'uart',
    defines: [],
    knobs: ['+n=80', '+seed=2'],
    error: /: parity_err is 1 on frame 0xfd, expected 0$/,
  },
  'noise taken for a start bit': {
    block: 'uart',
    defines: [],
    knobs: ['+n=60', '+glitch_pct=15', '+parity=0', '+seed=1'],
    error: /: frame 0xff received after a low pulse of 5 clocks, divisor 11$/,
  },
};

for (const [title, { block, defines, knobs, error }] of Object.entries(BUGS)) {
  it(`buggy build: ${title}`, () => {
    const { lines, coverage } = build(block, '-DBUGGY', ...defines)(...knobs);
    const errors = lines.filter((line) => line.startsWith('ERROR: '));
    expect(errors).toEqual([expect.stringMatching(new RegExp(`^ERROR: ${block}_tb\\.sv:\\d+: @ \\d+ ns: `))]);
    expect(errors[0]).toMatch(error);
    expect(lines.at(-1)).toBe('TEST FAILED CHECKS');
    expect(coverage).toContain('\nverdict failed\n');
  });
}

it('buggy build: a missed request hangs the run, which then has neither verdict nor coverage', () => {
  const knobs = ['+n=150', '+any_time=1', '+parity=0', '+seed=1'];
  expect(build('uart')(...knobs).lines.at(-1)).toBe('TEST PASSED CHECKS');
  const { lines, coverage } = build('uart', '-DBUGGY')(...knobs);
  expect(lines).toEqual([
    'INFO: @ 0 ns: test unnamed, seed 1, 150 transactions',
    expect.stringMatching(/^INFO: @ 0 ns: divisor \d+, parity_en 0, parity_odd 0$/),
  ]);
  expect(coverage).toBeUndefined();
});
