// What lies in the place of a file of a run's record and is none: every command says so, or does without it; none waits for it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { regatta, writeJobs } from '../support/command.js';
import { makeTempDir } from '../support/temp-dir.js';

/** A run that is over, with something else in the place of one of its files. */
async function replaceFile(file: string, makeOther: (path: string) => void): Promise<string> {
  const dir = makeTempDir();
  const jobs = [{ full_name: 'bad', cmd: 'x', fake: { status: 'failed' } }];
  await regatta(dir, 'run', writeJobs(dir, jobs), '--backend', 'fake', '--status', 'none');
  const path = join(dir, 'scratch', '.regatta', 'latest', file);
  rmSync(path, { force: true });
  makeOther(path);
  return dir;
}

function makePipe(path: string): void {
  execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', path]);
}

/** Looks at the exit code of a command, and at what it says on stderr. */
async function expectAnswer(dir: string, command: string, [code, words]: [number, RegExp]): Promise<void> {
  const ended = await regatta(dir, command);
  expect(ended.stderr).toMatch(words);
  expect(ended.code).toBe(code);
}

describe('a pipe in the place of a file of a run', () => {
  it.each([
    ['run.json', /run\.json: cannot read how the run was started: /],
    ['jobs.jsonl', /error: /],
    ['journal.jsonl', /journal\.jsonl has no whole record/],
  ])('is refused like a file that is empty: %s', async (file, words) => {
    const dir = await replaceFile(file, makePipe);
    for (const command of ['status', 'rerun', 'resume']) await expectAnswer(dir, command, [2, words]);
  });

  it.each([
    ...['results.json', 'triage.json', 'metrics.json', 'flow.json', 'flow-results.json'],
    ...['run.json', 'lock.1'],
  ])('does not keep a report waiting: %s', async (file) => {
    const dir = await replaceFile(file, makePipe);
    const { code, stdout } = await regatta(dir, 'report', '--format', 'text');
    expect(stdout).toContain('1 failed');
    expect(code).toBe(0);
  });

  it('does not keep a kill from what it can do: journal.jsonl', async () => {
    const dir = await replaceFile('journal.jsonl', makePipe);
    await expectAnswer(dir, 'kill', [1, /warning: only what bears the name of the run is ended: /]);
  });
});

describe('a lock that cannot be read', () => {
  it.each(['status', 'rerun', 'resume', 'kill'])('is told of by %s', async (command) => {
    const dir = await replaceFile('lock.1', mkdirSync);
    await expectAnswer(dir, command, [2, /error: \S+lock\.1: cannot tell who drives the run: EISDIR/]);
  });
});
