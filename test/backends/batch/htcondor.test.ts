// HTCondor's words: what its commands are told, and what is made of what they say. The answers follow its manual (version 23).
import { describe, expect, test } from 'vitest';
import { HTCONDOR } from '../../../src/backends/batch/engines/htcondor.js';
import { complained, MUCH, said, SCOPE, statesIn, submissionOf } from './engine-words.js';

/** What `condor_q -json` prints. */
function condorQOf(...records: readonly Readonly<Record<string, unknown>>[]): string {
  return JSON.stringify(
    records.map((record) => ({
      ClusterId: 12,
      ProcId: 2,
      JobBatchName: 'rgt-x-1',
      NumJobStarts: 0,
      ...record,
    })),
  );
}

describe('submitting', () => {
  test('an array is a cluster with a description of what its tasks need', () => {
    const options = { accounting_group: 'dv', requirements: 'OpSys == "LINUX"', priority: '5' };
    const { command, files } = submissionOf(HTCONDOR, 300, {
      ...MUCH,
      options,
      extraArgs: ['-name', 'schedd1'],
    });
    expect(command).toEqual({
      program: 'condor_submit',
      args: ['-terse', '-name', 'schedd1', '/run/1/submit.condor'],
    });
    expect(files).toEqual({
      'submit.condor': [
        'universe = vanilla',
        'batch_name = rgt-x-1',
        'executable = /run/1/script',
        'initialdir = /run/1',
        'task = $(Process) + 1',
        'arguments = "$INT(task)"',
        'transfer_executable = false',
        'should_transfer_files = NO',
        'input = /dev/null',
        'output = /dev/null',
        'error = /dev/null',
        'notification = never',
        'requirements = (OpSys == "LINUX") && (NumJobStarts =!= 1)',
        'periodic_remove = (JobStatus == 1 && NumJobStarts >= 1) || (JobStatus == 5 && HoldReasonCode =?= 34) || (JobStatus == 2 && time() - JobCurrentStartDate > 3900)',
        'request_cpus = 4',
        'request_memory = 2048',
        'concurrency_limits = vcs:1,verdi:2',
        'accounting_group = dv',
        'priority = 5',
        'queue 300',
        '',
      ].join('\n'),
    });
  });

  test('a path is not taken for a macro', () => {
    const order = HTCONDOR.submit({
      name: 'rgt-x-1',
      taskCount: 1,
      script: '/a/$(HOME)/script',
      directory: '/a/$(HOME)',
      demand: {
        cpus: null,
        memoryMib: null,
        timeLimitMins: null,
        licences: {},
        options: {},
        extraArgs: [],
      },
    });
    expect(order.files?.['submit.condor']).toContain('executable = /a/$(DOLLAR)(HOME)/script\n');
  });

  test.each([
    ['12.0 - 12.299\n', '12'],
    ['13.0\n', '13'],
  ])('%j is cluster %s', (stdout, id) => {
    expect(HTCONDOR.readSubmit(said(stdout))).toEqual({ kind: 'submitted', id });
  });

  test.each([
    ['rejected', 'ERROR: on Line 3 of submit file: Invalid universe "nosuch"'],
    ['rejected', "ERROR: Invalid concurrency limit 'vcs@site:1'"],
    ['rejected', 'ERROR: Failed to create cluster\nUser is disabled'],
    ['busy', "ERROR: Can't find address of local schedd"],
    ['busy', 'ERROR: Failed to connect to local queue manager'],
    ['busy', 'ERROR: Number of submitted jobs would exceed MAX_JOBS_PER_OWNER'],
    ['unclear', 'ERROR: Failed to commit job submission into the queue.'],
  ])('%s: %s', (kind, words) => {
    expect(HTCONDOR.readSubmit(complained(words)).kind).toBe(kind);
  });
});

describe('asking', () => {
  test.each([
    [{ JobStatus: 1 }, { kind: 'pending', reason: null }],
    [{ JobStatus: 2 }, { kind: 'running' }],
    [{ JobStatus: 7 }, { kind: 'running' }],
    [
      { JobStatus: 1, NumJobStarts: 1 },
      { kind: 'ended', end: { kind: 'infrastructure', message: 'its machine was taken away' } },
    ],
    [
      { JobStatus: 5, HoldReasonCode: 1, HoldReason: 'via condor_hold (by user ann)' },
      { kind: 'held', reason: 'via condor_hold (by user ann)' },
    ],
    [
      {
        JobStatus: 5,
        HoldReasonCode: 14,
        HoldReason: 'Error from slot1: Cannot access initial working directory',
      },
      {
        kind: 'held',
        reason: 'Error from slot1: Cannot access initial working directory',
        isLaunchFailure: true,
      },
    ],
    [
      {
        JobStatus: 5,
        HoldReasonCode: 34,
        HoldReason: 'Error from slot1: memory usage exceeded request_memory',
      },
      { kind: 'ended', end: { kind: 'out-of-memory' } },
    ],
    [
      { JobStatus: 4, ExitBySignal: false, ExitCode: 3 },
      { kind: 'ended', end: { kind: 'exited', exitCode: 3 } },
    ],
    [
      { JobStatus: 4, ExitBySignal: true, ExitSignal: 11 },
      { kind: 'ended', end: { kind: 'signalled', signal: 'SIGSEGV' } },
    ],
    [{ JobStatus: 4 }, { kind: 'ended', end: { kind: 'unknown' } }],
    [
      { JobStatus: 3, RemoveReason: 'via condor_rm (by user bob)' },
      { kind: 'ended', end: { kind: 'cancelled', by: 'bob' } },
    ],
    [
      {
        JobStatus: 3,
        LastJobStatus: 2,
        RemoveReason: "The job attribute PeriodicRemove expression '...' evaluated to TRUE",
      },
      { kind: 'ended', end: { kind: 'timeout' } },
    ],
    [
      {
        JobStatus: 3,
        LastJobStatus: 5,
        RemoveReason: "The job attribute PeriodicRemove expression '...' evaluated to TRUE",
      },
      { kind: 'ended', end: { kind: 'out-of-memory' } },
    ],
    [
      {
        JobStatus: 3,
        LastJobStatus: 1,
        RemoveReason: "The job attribute PeriodicRemove expression '...' evaluated to TRUE",
      },
      { kind: 'ended', end: { kind: 'infrastructure', message: 'its machine was taken away' } },
    ],
  ])('%j', (record, state) => {
    expect(statesIn(HTCONDOR.readQuery(said(condorQOf(record)), SCOPE))).toEqual({ '12/3': state });
  });

  test('an empty queue prints nothing; what makes no sense is counted', () => {
    expect(HTCONDOR.readQuery(said(''), SCOPE)).toEqual({ kind: 'answered', reports: [], garbled: 0 });
    const text = condorQOf(
      { JobStatus: 99 },
      { ClusterId: 'x', JobStatus: 2 },
      { JobBatchName: 'other', JobStatus: 2 },
    );
    expect(HTCONDOR.readQuery(said(text), SCOPE)).toEqual({ kind: 'answered', reports: [], garbled: 2 });
  });

  test('a queue manager that does not answer says nothing about any task', () => {
    const words = '-- Failed to fetch ads from: <127.0.0.1:9618> : vm\nCEDAR:6001:Failed to connect';
    expect(HTCONDOR.readQuery(complained(words), SCOPE).kind).toBe('unavailable');
    expect(HTCONDOR.readQuery(said('[\n{ "ClusterId": 12,'), SCOPE).kind).toBe('unavailable');
  });

  test('limits of the site', () => {
    expect(HTCONDOR.readProbe(said('20000\n'))).toEqual({
      kind: 'answered',
      arrayLimit: 20_000,
      facts: ['MAX_JOBS_PER_SUBMISSION 20000'],
    });
    expect(HTCONDOR.readProbe(complained('Not defined: MAX_JOBS_PER_SUBMISSION'))).toMatchObject({
      kind: 'answered',
      arrayLimit: null,
    });
    expect(HTCONDOR.readProbe(complained("ERROR: Can't find config file")).kind).toBe('unavailable');
  });
});

test('removing names whole clusters, or the processes of tasks', () => {
  const targets = [
    { id: '12', tasks: null },
    { id: '13', tasks: [1, 2, 3, 7] },
  ];
  const some = 'ClusterId == 13 && ((ProcId >= 0 && ProcId <= 2) || ProcId == 6)';
  expect(HTCONDOR.cancel(targets)).toEqual([
    { program: 'condor_rm', args: ['12'] },
    { program: 'condor_rm', args: ['-constraint', some] },
  ]);
  const asked = HTCONDOR.history?.command(targets, SCOPE).map(({ args }) => args.at(-1));
  expect(asked).toEqual(['ClusterId == 12', some]);
});
