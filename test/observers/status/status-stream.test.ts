// Tests of what is made of the terminal and the environment.
import { expect, test } from 'vitest';
import { resolveStatusMode, wantsColor } from '../../../src/observers/status/status-stream.js';
import { MemoryStream } from './memory-stream.js';

const terminal = new MemoryStream(true);
const file = new MemoryStream(false);

test.each([
  { mode: 'auto', stream: terminal, env: {}, resolved: 'tty' },
  { mode: 'auto', stream: terminal, env: { TERM: 'xterm' }, resolved: 'tty' },
  { mode: 'auto', stream: terminal, env: { TERM: 'dumb' }, resolved: 'plain' },
  { mode: 'auto', stream: file, env: { TERM: 'xterm' }, resolved: 'plain' },
  { mode: 'tty', stream: file, env: { TERM: 'dumb' }, resolved: 'tty' },
  { mode: 'plain', stream: terminal, env: {}, resolved: 'plain' },
  { mode: 'none', stream: terminal, env: {}, resolved: 'none' },
] as const)('--status $mode with $env', ({ mode, stream, env, resolved }) => {
  expect(resolveStatusMode(mode, stream, env)).toBe(resolved);
});

test.each([
  [terminal, {}, true],
  [terminal, { TERM: 'dumb' }, false],
  [terminal, { NO_COLOR: '1' }, false],
  [terminal, { NO_COLOR: '' }, true],
  [terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }, true],
  [terminal, { FORCE_COLOR: '0' }, false],
  [terminal, { FORCE_COLOR: 'false' }, false],
  [file, {}, false],
  [file, { FORCE_COLOR: '' }, true],
  [file, { FORCE_COLOR: '3', TERM: 'dumb' }, true],
] as const)('colour %#', (stream, env, wanted) => {
  expect(wantsColor(stream, env)).toBe(wanted);
});
