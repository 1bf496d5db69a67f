// The script of a task, run by the shell of this machine.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatScript, formatTask } from '../../../src/backends/batch/task-files.js';
import { makeSpec } from '../../support/job-spec.js';
import { makeTempDir } from '../../support/temp-dir.js';

/** Runs a command as task 1 of array 1 in a directory; returns the exit code of its script. */
function runTask(directory: string, cmd: string): number | null {
  for (const folder of ['spool', 'odir', 'arrays/1']) mkdirSync(join(directory, folder), { recursive: true });
  const odir = join(directory, 'odir');
  const script = join(directory, 'arrays', '1', 'script');
  const facts = { directory, array: 1, taskVariable: 'TASK', environmentFile: 'environment' };
  writeFileSync(join(directory, 'environment'), '');
  writeFileSync(
    join(directory, 'arrays', '1', '1'),
    formatTask(makeSpec('job', { cmd, odir, logPath: join(odir, 'log') })),
  );
  writeFileSync(script, formatScript(facts));
  return spawnSync('/bin/sh', [script]).status;
}

test.each([0, 3])('a script that can no longer write its record ends as its job did: %i', (status) => {
  const directory = makeTempDir();
  expect(runTask(directory, `rm -r ${join(directory, 'spool')}; exit ${status}`)).toBe(status);
});
