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

test('no argument at all prints the usage on standard error and is bad usage', async () => {
  const { code, stdout, stderr } = await run();
  expect(code).toBe(ExitCode.USAGE);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^Usage: regatta /);
});

test('an unknown option is bad usage', async () => {
  expect(await run('--colour')).toEqual({
    code: ExitCode.USAGE,
    stdout: '',
    stderr: "error: unknown option '--colour'\n",
  });
});
