// A real terminal for tests: a detached tmux whose screen can be read and resized, running terminal-child.ts.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { fromRepoRoot } from '../../support/repo-root.js';
import { makeTempDir } from '../../support/temp-dir.js';
import type { Order } from './terminal-child.js';

/** A terminal in which a status display runs; when it ends, the terminal stays. */
export interface Terminal {
  /** Has the display do something, and waits until it has. */
  readonly tell: (order: Order) => Promise<void>;
  /** Waits until the visible lines, without trailing blanks, are these. */
  readonly shows: (lines: readonly string[]) => Promise<void>;
  /** Waits until this is the last line. */
  readonly endsWith: (line: string) => Promise<void>;
  /** The visible lines, without trailing blanks. */
  readonly screen: () => readonly string[];
  readonly resize: (columns: number, rows: number) => void;
  readonly isCursorVisible: () => boolean;
}

/** Opens a terminal of 80 x 12 with a display in it. It is gone when the test ends. */
export async function openTerminal(): Promise<Terminal> {
  const folder = makeTempDir();
  const server = createServer();
  server.listen(join(folder, 'orders'));
  const control = join(folder, 'tmux');
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-u', '-S', control, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, LC_ALL: 'C.UTF-8' },
    });
  onTestFinished(() => {
    server.close();
    tmux('kill-server');
  });
  const child = fromRepoRoot('test/observers/status/terminal-child.ts');
  const program = `"$0" --import tsx "$1" "$2" 2>&1; echo after; exec cat`;
  tmux(
    'new-session',
    '-d',
    '-x',
    '80',
    '-y',
    '12',
    '-c',
    fromRepoRoot('.'),
    '/bin/sh',
    '-c',
    program,
    process.execPath,
    child,
    join(folder, 'orders'),
  );
  tmux('set-option', '-g', 'window-size', 'manual');
  const [socket] = (await once(server, 'connection')) as [Socket];
  const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
  const screen = (): string[] => tmux('capture-pane', '-p').trimEnd().split('\n');
  return {
    tell: async (order) => {
      socket.write(`${JSON.stringify(order)}\n`);
      await answers.next();
    },
    shows: async (lines) => {
      let seen: string[] = [];
      try {
        await eventually('the screen', () => {
          seen = screen();
          return seen.join('\n') === lines.join('\n');
        });
      } catch (cause) {
        throw new Error(`the screen shows\n${seen.join('\n')}\ninstead of\n${lines.join('\n')}`, { cause });
      }
    },
    endsWith: async (line) => {
      await eventually(`the screen to end with "${line}"`, () => screen().at(-1) === line);
    },
    screen,
    resize: (columns, rows) => {
      tmux('resize-window', '-x', String(columns), '-y', String(rows));
    },
    isCursorVisible: () => tmux('display-message', '-p', '#{cursor_flag}').trim() === '1',
  };
}
