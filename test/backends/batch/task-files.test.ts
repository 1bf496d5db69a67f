// The script of a task, run by the shell of this machine.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ArrayStore } from '../../../src/backends/batch/array-store.js';
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
    formatTask(makeSpec('job', { cmd, odir, logPath: join(odir, 'log') }), null),
  );
  writeFileSync(script, formatScript(facts));
  return spawnSync('/bin/sh', [script]).status;
}

test.each([0, 3])('a script that can no longer write its record ends as its job did: %i', (status) => {
  const directory = makeTempDir();
  expect(runTask(directory, `rm -r ${join(directory, 'spool')}; exit ${status}`)).toBe(status);
});

/** Runs a command as the only task of an array that was stored as for an engine; returns exit code and log. */
async function runStored(
  cmd: string,
  umask = 0o022,
): Promise<{ readonly code: number | null; readonly log: string }> {
  const directory = makeTempDir();
  const odir = join(directory, 'od ir');
  const logPath = join(odir, 'log');
  for (const folder of [odir, join(directory, 'batch', 'spool')]) mkdirSync(folder, { recursive: true });
  const store = new ArrayStore({
    ...{ directory: join(directory, 'batch'), environment: {}, umask },
    ...{ ownVariables: /^TASK$/, taskVariable: 'TASK' },
  });
  store.open();
  await store.write(1, 'name', [{ job: 0, attempt: 1, spec: makeSpec('job', { cmd, odir, logPath }) }]);
  const { status } = spawnSync('/bin/sh', [store.scriptOf(1)]);
  return { code: status, log: readFileSync(logPath, 'utf8') };
}

test.each([131_071, 131_072, 1_000_000])('a command of %i bytes runs as any other', async (bytes) => {
  const end = '; echo "$# of it\'s"; exit 5';
  const cmd = `: ${'x'.repeat(bytes - 2 - end.length)}${end}`;
  expect(await runStored(cmd)).toEqual({ code: 5, log: "0 of it's\n" });
});

test('files of a job get the mode that those of Regatta get, whatever mask the engine has', async () => {
  expect(await runStored('umask', 0o027)).toEqual({ code: 0, log: '0027\n' });
  expect(await runStored('umask', 0)).toEqual({ code: 0, log: '0000\n' });
});
