// Tests of the event log, line by line.
import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/model/run-event.js';
import { createEventLog } from '../../src/observers/event-log.js';
import { makeSpec } from '../support/job-spec.js';
import { ScriptedRun } from './scripted-run.js';

test('tells every kind of event in one line', () => {
  const lines: string[] = [];
  const log = createEventLog((line) => lines.push(line));
  const atMs = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  const run = new ScriptedRun(log.notify, () => atMs, [makeSpec('a'), makeSpec('b')]).start();
  run.change('a', ['queued', 'running', 'failed'], { kind: 'exit-code', exitCode: 3, context: [] });
  const others: RunEvent[] = [
    { kind: 'kill-sent', atMs, jobs: [0, 1], reason: { kind: 'timeout', limitMins: 1 }, force: true },
    {
      kind: 'kill-sent',
      atMs,
      jobs: Array<number>(12).fill(1),
      reason: { kind: 'lost', message: 'x' },
      force: false,
    },
    { kind: 'stop-asked', atMs, mode: 'drain', by: { kind: 'signal', signal: 'SIGINT' } },
    { kind: 'limits-changed', atMs, limits: { run: 3, backends: {}, resources: {} } },
    { kind: 'backend-busy', atMs, backend: 'slurm', untilMs: atMs + 1000, message: 'full' },
    { kind: 'stalled', atMs, blocked: [{ job: 1, count: 7, message: 'needs 2 of vcs' }] },
    { kind: 'run-ended', atMs, stop: null },
    { kind: 'run-ended', atMs, stop: { kind: 'user', by: 'regatta kill' } },
  ];
  for (const event of others) run.tell(event);
  expect(lines.map((line) => line.replace(/^2026-01-02T03:04:05\.006Z /, ''))).toEqual([
    'run-started: scripted, 2 jobs',
    'job-changed: a scheduled -> queued (attempts 0)',
    'job-changed: a queued -> running (attempts 1)',
    'job-changed: a running -> failed (attempts 1): exit code 3',
    'kill-sent by force: a, b: ran longer than its limit of 1 min',
    'kill-sent: b, b, b, b, b, b, b, b, b, b and 2 more: x',
    'stop-asked: drain by SIGINT',
    'limits-changed: {"run":3,"backends":{},"resources":{}}',
    'backend-busy: slurm until 2026-01-02T03:04:06.006Z: full',
    'stalled: 7 like b: needs 2 of vcs',
    'run-ended',
    'run-ended: stopped by regatta kill',
  ]);
});
