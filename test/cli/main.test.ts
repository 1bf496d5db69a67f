// Tests of the command line's options that need no input.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ExitCode } from '../../src/cli/exit-codes.js';
import { main } from '../../src/cli/main.js';
import { fromRepoRoot } from '../support/repo-root.js';

interface Run {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...argv: readonly string[]): Promise<Run> {
  let stdout = '';
  let stderr = '';
  const code = await main(argv, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

test.each(['--version', '-V'])('%s prints the version of package.json', async (option) => {
  const { version } = JSON.parse(readFileSync(fromRepoRoot('package.json'), 'utf8')) as { version: string };
  expect(await run(option)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('--help prints the usage on standard output', async () => {
  const { code, stdout, stderr } = await run('--help');
  expect(code).toBe(ExitCode.OK);
  expect(stdout).toMatch(/^Usage: regatta /);
  expect(stderr).toBe('');
});

test('no argument at all is bad usage', async () => {
  expect(await run()).toEqual({
    code: ExitCode.USAGE,
    stdout: '',
    stderr:
      'regatta: error: no command given (regatta --help lists commands, regatta COMMAND --help options)\n',
  });
});

test.each([
  [['--colour'], "unknown option '--colour'"],
  [['rnu', 'jobs.jsonl'], "unknown command 'rnu'; did you mean run?"],
  [['run'], "missing required argument 'input'"],
  [['run', 'jobs.jsonl', '--bakend', 'local'], "unknown option '--bakend'; did you mean --backend?"],
  [['run', 'jobs.jsonl', '--backend'], "option '--backend <NAME>' argument missing"],
])('%j is bad usage', async (argv, message) => {
  expect(await run(...argv)).toEqual({
    code: ExitCode.USAGE,
    stdout: '',
    stderr: `regatta: error: ${message} (regatta --help lists commands, regatta COMMAND --help options)\n`,
  });
});

test.each([
  [['-mp', '0'], '--max-parallel must be a whole number >= 1, not "0"'],
  [['-mp=many'], '--max-parallel must be a whole number >= 1, not "many"'],
  [['-R', 'vcs'], '--resource must be NAME=N with a whole number N >= 0, not "vcs"'],
  [['-R', 'vcs=-1'], '--resource must be NAME=N with a whole number N >= 0, not "vcs=-1"'],
  [['--infra-retries', '-1'], '--infra-retries must be a whole number >= 0, not "-1"'],
  [['--kill-grace', 'soon'], '--kill-grace must be a number > 0, not "soon"'],
  [['--fail-fast', '0'], '--fail-fast must be a whole number >= 1, not "0"'],
  [['--status', 'plan'], '--status must be one of auto, tty, plain, none, not "plan" (did you mean plain?)'],
])('run with %j is bad usage', async (options, message) => {
  expect(await run('run', 'jobs.jsonl', ...options)).toEqual({
    code: ExitCode.USAGE,
    stdout: '',
    stderr: `regatta: error: ${message}\n`,
  });
});
