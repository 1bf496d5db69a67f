// The table of command line options, and how their texts are read.
import { describe, expect, test } from 'vitest';
import { FLOW_OPTIONS, readFlowOptions, RUN_OPTIONS, type RawOptions } from '../../src/flow/index.js';
import { UserError } from '../../src/model/index.js';

/** Spellings of DVSim 1.51.2's command line, without those that speak of DVSim itself. */
const DVSIM = [
  ...['--items', '-i', '--select-cfgs', '--tool', '-t', '--list', '-l', '--job-prefix', '--local'],
  ...['--max-parallel', '-mp', '--resource', '-R', '--on-missing-resource', '--scratch-root', '-sr'],
  ...['--proj-root', '-pr', '--branch', '-br', '--max-odirs', '-mo', '--purge', '--build-only', '-bu'],
  ...['--build-unique', '--build-opts', '-bo', '--build-modes', '-bm', '--build-timeout-mins', '--gui'],
  ...['--gui-debug', '-gd', '--interactive', '--run-only', '-ru', '--run-opts', '-ro', '--run-modes', '-rm'],
  ...[
    '--profile',
    '-p',
    '--xprop-off',
    '--run-timeout-mins',
    '--run-timeout-multiplier',
    '--verbosity',
    '-v',
  ],
  ...['--build-seed', '--seeds', '-s', '--fixed-seed', '-fs', '--reseed', '-r', '--reseed-multiplier', '-rx'],
  ...['--waves', '-w', '--max-waves', '-mw', '--dump-script', '-ds', '--cov', '-c', '--cov-merge-previous'],
  ...['--cov-unr', '--cov-analyze', '--map-full-testplan', '--print-interval', '-pi', '--verbose'],
  ...['--dry-run', '-n', '--fake', '--no-rerun'],
];

/** Messages of reading options that must be refused. */
function problems(raw: RawOptions): string[] {
  try {
    readFlowOptions(raw);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message.split('\n');
  }
  return [];
}

describe('the table', () => {
  const all = [...FLOW_OPTIONS, ...RUN_OPTIONS];
  const spellings = all.flatMap(({ long, short }) => (short === undefined ? [long] : [long, short]));

  test('has every spelling of DVSim, each once', () => {
    expect([...spellings].sort()).toEqual([...DVSIM].sort());
  });

  test('has no field twice', () => {
    const fields = all.map(({ field }) => field);
    expect(new Set(fields).size).toBe(fields.length);
  });

  test('names a value wherever an option takes one, and says what it does', () => {
    for (const entry of all) {
      expect(entry.metavar !== undefined).toBe(entry.arity !== 'flag');
      expect(entry.help).toMatch(/^[A-Z$].*\.$/);
      if (entry.arity === 'optional') expect(entry.bare).toBeDefined();
    }
  });
});

describe('reading', () => {
  test('turns texts into the types of the options', () => {
    const raw = {
      items: ['a', 'b'],
      cov: true,
      purge: false,
      profile: true,
      buildSeed: true,
      reseed: '5',
      reseedMultiplier: '.5',
      runTimeoutMins: '2.5',
      seeds: ['1', '115792089237316195423570985008687907853269984665640564039457584007913129639935'],
      selectCfgs: true,
      tool: ['vcs', 'xcelium'],
      notAFlowOption: 'x',
    };
    expect(readFlowOptions(raw)).toEqual({
      items: ['a', 'b'],
      cov: true,
      profile: 'time',
      buildSeed: 'random',
      reseed: 5,
      reseedMultiplier: 0.5,
      runTimeoutMins: 2.5,
      seeds: ['1', '115792089237316195423570985008687907853269984665640564039457584007913129639935'],
      selectCfgs: [],
      tool: 'xcelium',
    });
  });

  test.each<[RawOptions, string]>([
    [{ reseed: '0' }, '--reseed must be a whole number >= 1, not "0"'],
    [{ reseed: '-2' }, '--reseed must be a whole number >= 1, not "-2"'],
    [{ reseed: '1e3' }, '--reseed must be a whole number >= 1, not "1e3"'],
    [{ reseedMultiplier: '0' }, '--reseed-multiplier must be a number > 0, not "0"'],
    [{ runTimeoutMins: 'soon' }, '--run-timeout-mins must be a number of minutes > 0, not "soon"'],
    [{ seeds: ['1', 'x'] }, '--seeds must be a whole number >= 0, not "x"'],
    [{ fixedSeed: '0x10' }, '--fixed-seed must be a whole number >= 0, not "0x10"'],
    [
      { waves: 'fsd' },
      '--waves must be one of fsdb, shm, vpd, vcd, evcd, fst, not "fsd" (did you mean fsdb?)',
    ],
    [{ verbosity: 'loud' }, '--verbosity must be one of n, l, m, h, f, d, not "loud"'],
  ])('refuses %j', (raw, message) => {
    expect(problems(raw)).toEqual([message]);
  });

  test('reports all bad values together', () => {
    expect(problems({ reseed: '0', waves: 'x', items: ['a'] })).toHaveLength(2);
  });
});
