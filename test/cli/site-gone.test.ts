// A run whose config file and plugin are gone since: what needs neither is told and done, the rest says what is missing.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { findProcesses } from '../support/find-processes.js';
import { InterruptedRun, killHard } from './interrupted-run.js';

/** A backend that starts nothing and never tells of an end. */
const IDLE = `export default { name: 'idle', create: () => ({
  name: 'idle',
  open: async () => {},
  submit: async (batch) => batch.map(() => ({ kind: 'accepted', running: true })),
  adopt: async (batch) => batch.map(() => ({ kind: 'gone', message: 'nothing' })),
  kill: async () => {},
  close: async () => {},
}) };`;

it('status, why, report, repro and kill do what they can; resume says what is missing', async () => {
  const run = new InterruptedRun();
  const config = join(run.dir, 'regatta.config.hjson');
  const plugin = join(run.dir, 'idle.mjs');
  writeFileSync(config, '{\n  backend: idle\n  plugins: ["./idle.mjs"]\n}\n');
  writeFileSync(plugin, IDLE);
  // Short enough to be no burden if the test fails before it ends it.
  const mark = `60.${process.pid}`;
  const started = run.start(
    [
      { full_name: 'there', cmd: 'true' },
      { full_name: 'here', cmd: `sleep ${mark}`, backend: 'local' },
      { full_name: 'waits', cmd: 'true', backend: 'local', deps: ['there'] },
    ],
    ...['--on-head-death', 'keep', '--config', 'regatta.config.hjson'],
  );
  await run.recorded('the first to run', '"do":"run"', /[[,]0,1[\],]/);
  await eventually('the local one to run', () => findProcesses(mark).length > 0);
  rmSync(config);
  rmSync(plugin);

  const missing = `${config}: no such file`;
  const [status, waits, here, report, repro] = await Promise.all([
    run.regatta('status'),
    run.regatta('why', 'waits'),
    run.regatta('why', 'here'),
    run.regatta('report', '--format', 'csv'),
    run.regatta('repro', 'here'),
  ]);
  expect(status).toMatchObject({ code: 0, stderr: '' });
  expect(status.stdout).toContain('running there for ');
  expect(waits).toMatchObject({ code: 0, stderr: '' });
  expect(waits.stdout).toContain(`waits is scheduled; what it waits for cannot be told: ${missing}`);
  expect(here.stdout).toMatch(/^here is running, for /);
  expect(report.code).toBe(0);
  expect(repro.stdout).toContain(mark);

  await killHard(started);
  const resume = await run.regatta('resume');
  expect(resume.code).toBe(2);
  expect(resume.stderr).toContain(`regatta: error: ${missing}`);

  const kill = await run.regatta('kill');
  expect(kill.code).toBe(1);
  expect(kill.stderr).toContain(
    `regatta: warning: what needs neither config file nor plugins is ended: ${missing}`,
  );
  expect(kill.stderr).toContain('regatta: warning: still there: there, which is with backend idle\n');
  expect(findProcesses(mark)).toEqual([]);
});
