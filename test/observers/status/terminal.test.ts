// Tests of the live display on a real terminal, by what is on the screen.
import { expect } from 'vitest';
import type { RunEvent } from '../../../src/model/run-event.js';
import { makeSpec } from '../../support/job-spec.js';
import { needs } from '../../support/needs.js';
import { ScriptedRun } from '../scripted-run.js';
import { openTerminal } from './terminal.js';

const { describe, it } = needs('tmux');

const failure = { kind: 'exit-code', exitCode: 3, context: [] } as const;

/** A run of which a build has passed, and `uart_smoke.1` and a job called `last` run. */
async function begin(last = 'uart_溢出.2') {
  const terminal = await openTerminal();
  const events: RunEvent[] = [];
  let nowMs = 1_000_000;
  const run = new ScriptedRun(
    (event) => events.push(event),
    () => nowMs,
    [makeSpec('build', { target: 'build' }), makeSpec('uart_smoke.1'), makeSpec(last)],
  );
  /** Lets `script` happen `afterMs` later. */
  const happen = async (script: (run: ScriptedRun) => unknown, afterMs = 0): Promise<void> => {
    nowMs += afterMs;
    script(run);
    for (const event of events.splice(0)) await terminal.tell({ kind: 'event', event });
  };
  await happen(() => run.start({ limits: { run: 16 } }));
  await happen(() => run.change('build', ['running']));
  await happen(() => run.change('build', ['passed']).change('uart_smoke.1', ['running']), 65_000);
  await happen(() => run.change(last, ['running']), 0);
  return { terminal, happen };
}

const running = [
  'target  S  Q  R  P  F  K  T     %  elapsed  ETA  running',
  'build   0  0  0  1  0  0  1  100%    1m05s    -',
  'run     0  0  2  0  0  0  2    0%       0s    -  uart_smoke.1, uart_溢出.2',
  'total   0  0  2  1  0  0  3   33%    1m05s    -',
  'slots 2/16',
];

const failed = [
  'target  S  Q  R  P  F  K  T     %  elapsed  ETA  running',
  'build   0  0  0  1  0  0  1  100%    1m05s    -',
  'run     0  0  1  0  1  0  2   50%       1s   0s  uart_溢出.2',
  'total   0  0  1  1  1  0  3   66%    1m06s   0s',
  'slots 1/16',
];

describe('on a real terminal', () => {
  it('redraws in place, lets lines scroll up, and leaves the last state', async () => {
    const { terminal, happen } = await begin();
    await terminal.shows(running);
    await terminal.tell({ kind: 'print', text: 'a diagnostic\u001b[2J' });
    await terminal.shows(['a diagnostic\\u001b[2J', ...running]);
    await happen((run) => run.change('uart_smoke.1', ['failed'], failure), 1000);
    const above = [
      'a diagnostic\\u001b[2J',
      'FAILED run uart_smoke.1: exit code 3 (/scratch/uart_smoke.1/target.log)',
    ];
    await terminal.shows([...above, ...failed]);
    await happen((run) => run.change('uart_溢出.2', ['passed']), 1000);
    await terminal.tell({ kind: 'close' });
    await terminal.shows([
      ...above,
      'target  S  Q  R  P  F  K  T     %  elapsed  ETA',
      'build   0  0  0  1  0  0  1  100%    1m05s    -',
      'run     0  0  0  1  1  0  2  100%       2s    -',
      'total   0  0  0  2  1  0  3  100%    1m07s    -',
      'slots 0/16',
      'after',
    ]);
    expect(terminal.isCursorVisible()).toBe(true);
  });

  it('leaves nothing behind of a name that the terminal takes for wider than it is', async () => {
    // A thumb of some colour: two cells by the standard, four here.
    const name = '\u{1f44d}\u{1f3fd}'.repeat(25);
    const { terminal, happen } = await begin(name);
    await terminal.endsWith('slots 2/16');
    await happen((run) => run.change('uart_smoke.1', ['passed']), 1000);
    await terminal.endsWith('slots 1/16');
    const starts = terminal.screen().map((line) => line.split(' ')[0]);
    expect(starts).toEqual(['target', 'build', 'run', 'total', 'slots']);
  });

  it('scrolls at the bottom of the screen without leaving anything behind', async () => {
    const { terminal, happen } = await begin();
    const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`);
    for (const text of lines) await terminal.tell({ kind: 'print', text });
    // 12 rows: the block takes 5 and the cursor's line one.
    await terminal.shows([...lines.slice(-6), ...running]);
    await happen((run) => run.change('uart_smoke.1', ['failed'], failure), 1000);
    await terminal.shows([
      ...lines.slice(-5),
      'FAILED run uart_smoke.1: exit code 3 (/scratch/uart_smoke.1/target.log)',
      ...failed,
    ]);
  });

  it('follows the size of the window', async () => {
    const { terminal } = await begin();
    // A full screen: of a half empty one, this terminal moves the top lines into its history when it wraps others.
    const lines = Array.from({ length: 12 }, (_, i) => `line ${i}`);
    for (const text of lines) await terminal.tell({ kind: 'print', text });
    await terminal.shows([...lines.slice(-6), ...running]);
    terminal.resize(30, 12);
    await terminal.shows([
      ...lines.slice(-1),
      'target  S  Q  R  P  F  K  T',
      'build   0  0  0  1  0  0  1',
      'run     0  0  2  0  0  0  2',
      'total   0  0  2  1  0  0  3',
      'slots 2/16',
    ]);
    terminal.resize(80, 12);
    await terminal.shows([...lines.slice(-1), ...running]);
    terminal.resize(80, 5);
    await terminal.shows([
      'target  S  Q  R  P  F  K  T    %  elapsed  ETA',
      '2 more targets',
      'total   0  0  2  1  0  0  3  33%    1m05s    -',
      'slots 2/16',
    ]);
  });

  it('leaves a usable terminal when the program dies of an exception', async () => {
    const { terminal } = await begin();
    await terminal.shows(running);
    expect(terminal.isCursorVisible()).toBe(true);
    terminal.resize(80, 40);
    await terminal.shows(running);
    await terminal.tell({ kind: 'throw' });
    await terminal.endsWith('after');
    expect(terminal.isCursorVisible()).toBe(true);
    expect(terminal.screen().slice(0, running.length)).toEqual(running);
  });
});
