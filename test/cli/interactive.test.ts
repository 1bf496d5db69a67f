// Interactive jobs through the real command on a real terminal: they take turns on it, and nobody else writes there meanwhile.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { quoteForShell } from '../../src/util/quote-for-shell.js';
import { readResults, writeJobs } from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { needs } from '../support/needs.js';
import { fromRepoRoot } from '../support/repo-root.js';
import { makeTempDir } from '../support/temp-dir.js';

const { it } = needs('script');

/** Runs `regatta ARGV` on a terminal of its own, 100 columns wide. */
function startOnTerminal(cwd: string, argv: readonly string[]) {
  const words = [process.execPath, fromRepoRoot('bin/regatta'), ...argv];
  const command = `stty cols 100 rows 30; exec ${words.map(quoteForShell).join(' ')}`;
  const child = spawn('/usr/bin/env', ['script', '-q', '-e', '-c', command, '/dev/null'], {
    cwd,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, TERM: 'xterm', SHELL: '/bin/sh' },
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { said: () => text, type: (line: string) => child.stdin.write(`${line}\n`), ended };
}

/** What was said from one text to the end of another. */
function between(said: string, from: string, to: string): string {
  return said.slice(said.indexOf(from), said.indexOf(to) + to.length);
}

it('take turns, talk to the user undisturbed, and leave all they say in their logs', async () => {
  const dir = makeTempDir();
  const ask = (name: string): string => `test -t 0 && echo ${name} asks; read x; echo ${name} got $x`;
  const jobs = writeJobs(dir, [
    { full_name: 'a', cmd: ask('a'), interactive: true },
    { full_name: 'b', cmd: ask('b'), interactive: true },
    { full_name: 'c', cmd: 'while [ ! -e ../../go ]; do sleep 0.05; done' },
  ]);
  const { said, type, ended } = startOnTerminal(dir, ['run', jobs, '-mp', '3', '--status', 'tty']);
  await eventually('the first question', () => said().includes('a asks'));
  // The end of another job is news for the status display, which must wait: its link comes later than a frame would.
  writeFileSync(join(dir, 'go'), '');
  await eventually('the end of the other job', () => existsSync(join(dir, 'scratch', 'passed', 'c')));
  type('one');
  await eventually('the second question', () => said().includes('b asks'));
  type('two');
  expect(await ended).toBe(0);
  // Nothing but the job's words and the echo of what was typed; the other one had to wait.
  expect(between(said(), 'a asks', 'a got one')).toBe('a asks\r\none\r\na got one');
  expect(between(said(), 'b asks', 'b got two')).toBe('b asks\r\ntwo\r\nb got two');
  expect(said().indexOf('b asks')).toBeGreaterThan(said().indexOf('a got one'));
  expect(readFileSync(join(dir, 'scratch', 'a', 'run.log'), 'utf8')).toBe('a asks\na got one\n');
  expect(readFileSync(join(dir, 'scratch', 'b', 'run.log'), 'utf8')).toBe('b asks\nb got two\n');
  expect(readResults(dir).counts).toEqual({ total: 3, passed: 3, failed: 0, killed: 0 });
  // The display came back at the end, with everything in it.
  const last = stripVTControlCharacters(said().slice(said().indexOf('b got two')));
  expect(last).toMatch(/run +0 +0 +0 +3 +0 +0 +3 +100%/);
});
