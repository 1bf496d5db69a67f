// An engine of somebody else's whose functions throw, give promises, or give what is no answer: every call ends in an answer of the
// right shape, or in an error that names the function. What the engines that ship answer is let through as it is.
import { describe, expect, it, test } from 'vitest';
import type { BatchEngine, EngineCommand } from '../../../src/backends/batch/engine.js';
import { guardEngine } from '../../../src/backends/batch/guard-engine.js';
import { BATCH_ENGINES, SLURM } from '../../../src/backends/batch/index.js';
import { said, SCOPE, submissionOf } from './engine-words.js';

const TARGETS = [{ id: '7', tasks: [1, 2] }];

/** An engine all of whose functions do this. */
function makeEngine(does: () => unknown): BatchEngine {
  const run = does as () => never;
  return guardEngine({
    ...SLURM,
    name: 'odd',
    options: { pool: { help: 'a pool', check: run } },
    readProbe: run,
    submit: run,
    readSubmit: run,
    query: run,
    readQuery: run,
    history: { command: run, read: run },
    askToEnd: run,
    cancel: run,
  });
}

/** Calls a function of an engine. */
const CALLS: Readonly<Record<string, (engine: BatchEngine) => unknown>> = {
  submit: (engine) => submissionOf(engine, 2),
  query: (engine) => engine.query(SCOPE),
  readQuery: (engine) => engine.readQuery(said(''), SCOPE),
  'history.command': (engine) => engine.history?.command(TARGETS, SCOPE),
  'history.read': (engine) => engine.history?.read(said(''), SCOPE),
  askToEnd: (engine) => engine.askToEnd?.(TARGETS),
  cancel: (engine) => engine.cancel(TARGETS),
};

const COMMAND: EngineCommand = { program: 'p', args: [] };

/** What nobody can make anything of, whatever was asked. */
const GARBAGE: readonly unknown[] = [
  undefined,
  null,
  7,
  'text',
  [],
  {},
  { kind: 'answered' },
  { kind: 'odd' },
  () => 1,
];

describe.each<readonly [string, () => unknown, string]>([
  [
    'throws',
    () => {
      throw new Error('boom');
    },
    'failed: boom',
  ],
  [
    'throws what is no error',
    () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- a plugin may
      throw null;
    },
    'failed: null',
  ],
  ['is async and fails', () => Promise.reject(new Error('boom')), 'gave no valid answer: a promise, '],
  ['never answers', () => new Promise(() => undefined), 'gave no valid answer: a promise, '],
  [
    'gives what cannot be looked at',
    () =>
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('no');
          },
        },
      ),
    '',
  ],
])('a function that %s', (_, does, words) => {
  const engine = makeEngine(does);

  it.each(Object.keys(CALLS))('%s', (name) => {
    expect(() => CALLS[name]?.(engine)).toThrow(`${name} of engine odd ${words}`);
  });

  it('is an answer where there is one for it', () => {
    const message = (name: string): unknown => expect.stringContaining(`${name} of engine odd ${words}`);
    expect(engine.readProbe(said(''))).toEqual({ kind: 'unavailable', message: message('readProbe') });
    expect(engine.readSubmit(said(''))).toEqual({ kind: 'unclear', message: message('readSubmit') });
    expect(engine.options.pool?.check?.('x')).toEqual(
      expect.stringContaining(`(check of engine odd ${words}`),
    );
  });
});

describe('garbage', () => {
  test.each(Object.keys(CALLS))('of %s', (name) => {
    for (const garbage of GARBAGE) {
      // No commands at all are a good answer of functions that list them.
      if (Array.isArray(garbage) && !['submit', 'query', 'readQuery', 'history.read'].includes(name))
        continue;
      const engine = makeEngine(() => garbage);
      expect(() => CALLS[name]?.(engine), String(garbage)).toThrow(
        `${name} of engine odd gave no valid answer: `,
      );
    }
  });

  test('of functions that read', () => {
    for (const garbage of GARBAGE) {
      const engine = makeEngine(() => garbage);
      expect(engine.readProbe(said('')).kind).toBe('unavailable');
      expect(engine.readSubmit(said('')).kind).toBe('unclear');
    }
  });

  test.each<readonly [string, string, unknown]>([
    ['submit', 'command.args.0', { command: { ...COMMAND, args: [3] } }],
    ['submit', 'command.args.1', { command: { ...COMMAND, args: ['a', 'b\0'] } }],
    ['submit', 'command.program', { command: { program: '', args: [] } }],
    ['submit', 'files.../x', { command: COMMAND, files: { '../x': '' } }],
    ['query', 'stallsOn', { ...COMMAND, stallsOn: 'wait' }],
    ['cancel', '0.environment.A', [{ ...COMMAND, environment: { A: 1 } }]],
    ['readQuery', 'reports.0.tasks.0', answered({ tasks: [0] })],
    ['readQuery', 'reports.0.arrayName', answered({ arrayName: undefined })],
    ['readQuery', 'reports.0.state.kind', answered({ state: { kind: 'asleep' } })],
    [
      'readQuery',
      'reports.0.state.end.exitCode',
      answered({ state: { kind: 'ended', end: { kind: 'exited' } } }),
    ],
    ['readQuery', 'garbled', { kind: 'answered', reports: [], garbled: -1 }],
  ])('%s says where: %s', (name, place, answer) => {
    expect(() => CALLS[name]?.(makeEngine(() => answer))).toThrow(`gave no valid answer: ${place}: `);
  });
});

function answered(report: object): object {
  const good = { id: '7', arrayName: 'rgt-x-1', tasks: [1], state: { kind: 'running' } };
  return { kind: 'answered', garbled: 0, reports: [{ ...good, ...report }] };
}

test('functions keep what they are methods of', () => {
  const engine = guardEngine({
    ...SLURM,
    askToEnd: null,
    cancel() {
      return [{ program: `${this.name}-cancel`, args: [] }];
    },
  });
  expect(engine.cancel(TARGETS)).toEqual([{ program: 'slurm-cancel', args: [] }]);
  expect(engine.askToEnd).toBeNull();
});

test.each(BATCH_ENGINES)('what $name answers goes through', (engine) => {
  const guarded = guardEngine(engine);
  const { title, programs, probe, taskVariable, ownVariables, withheldVariables, ownArguments } = engine;
  expect(guarded).toMatchObject({ title, programs, probe, taskVariable, ownVariables });
  expect([guarded.withheldVariables, guarded.ownArguments]).toEqual([withheldVariables, ownArguments]);
  for (const call of Object.values(CALLS)) expect(call(guarded)).toEqual(call(engine));
  for (const answer of [said(''), said('12\n'), { exitCode: 1, stdout: '', stderr: 'no' }]) {
    expect(guarded.readProbe(answer)).toEqual(engine.readProbe(answer));
    expect(guarded.readSubmit(answer)).toEqual(engine.readSubmit(answer));
    expect(guarded.readQuery(answer, SCOPE)).toEqual(engine.readQuery(answer, SCOPE));
  }
});
