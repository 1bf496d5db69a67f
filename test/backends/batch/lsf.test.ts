// LSF's words: what its commands are told, and what is made of what they say. The answers follow the documentation of LSF 10.1.
import { describe, expect, test } from 'vitest';
import { LSF } from '../../../src/backends/batch/engines/lsf.js';
import { complained, MUCH, said, SCOPE, statesIn, submissionOf } from './engine-words.js';

/** What `bjobs -json` prints. */
function bjobsOf(...records: readonly Readonly<Record<string, string>>[]): string {
  const whole = records.map((record) => ({
    JOBID: '12',
    JOBINDEX: '3',
    JOB_NAME: 'rgt-x-1[3]',
    EXIT_CODE: '',
    EXIT_REASON: '',
    PEND_REASON: '',
    ...record,
  }));
  return JSON.stringify({ COMMAND: 'bjobs', JOBS: whole.length, RECORDS: whole }, null, 2);
}

describe('submitting', () => {
  test('an array asks for what its tasks need; the script goes in by standard input', () => {
    const options = { queue: 'night', project: 'chip', application: 'sim' };
    const { command } = submissionOf(LSF, 300, { ...MUCH, options, extraArgs: ['-sp', '5'] });
    expect(command).toMatchObject({
      program: 'bsub',
      args: [
        ...['-J', 'rgt-x-1[1-300]', '-rn', '-o', '/dev/null', '-e', '/dev/null', '-cwd', '/run/1'],
        ...['-n', '4', '-R', 'span[hosts=1]', '-M', '2048MB', '-W', '65'],
        ...['-R', 'rusage[mem=2048MB:vcs=1:verdi=2]', '-q', 'night', '-P', 'chip', '-app', 'sim', '-sp', '5'],
      ],
      stdin: '#!/bin/sh\nexec /run/1/script\n',
    });
  });

  test('one task is no array; odd paths are quoted', () => {
    const { args } = submissionOf(LSF, 1).command;
    expect(args.slice(0, 2)).toEqual(['-J', 'rgt-x-1']);
    expect(args).not.toContain('-R');
    const odd = LSF.submit({
      name: 'rgt-x-1',
      taskCount: 1,
      script: "/a b/it's $HOME/script",
      directory: '/a b',
      demand: {
        cpus: null,
        memoryMib: null,
        timeLimitMins: null,
        licences: {},
        options: {},
        extraArgs: [],
      },
    });
    expect(odd.command.stdin).toBe(`#!/bin/sh\nexec '/a b/it'\\''s $HOME/script'\n`);
  });

  test.each([
    ['Job <101> is submitted to queue <normal>.\n'],
    ['Job <101> is submitted to default queue <night>.\n'],
  ])('%j is job 101', (stdout) => {
    expect(LSF.readSubmit(said(stdout))).toEqual({ kind: 'submitted', id: '101' });
  });

  test.each([
    ['rejected', 'nosuch: No such queue. Job not submitted.'],
    ['rejected', 'Bad resource requirement syntax. Job not submitted.'],
    ['rejected', 'User cannot use the queue. Job not submitted.'],
    ['busy', 'User <ann>: Pending job threshold reached. Retrying in 60 seconds...'],
    ['busy', 'LSF is down. Please wait ...'],
    ['busy', 'batch system daemon not responding ... still trying'],
    ['rejected', 'Too many processors requested. Job not submitted.'],
    ['rejected', "Cannot exceed queue's hard limit(s). Job not submitted."],
    ['busy', 'The destination queue has reached its job limit. Job not submitted.'],
    ['busy', 'No job Id can be used now. Job not submitted.'],
    ['busy', 'Connection refused by server. Job not submitted.'],
    ['busy', 'Timeout on connect call to server. Job not submitted.'],
    ['unclear', 'Contacting batch daemon: Communication timeout. Job not submitted.'],
    ['unclear', 'XDR encode/decode error. Job not submitted.'],
    ['unclear', 'Failed in receiving a message. Job not submitted.'],
  ])('%s: %s', (kind, words) => {
    expect(LSF.readSubmit(complained(words, 255)).kind).toBe(kind);
  });

  test('a refusal is passed on in the words of LSF', () => {
    expect(LSF.readSubmit(complained('nosuch: No such queue. Job not submitted.', 255))).toEqual({
      kind: 'rejected',
      message: 'nosuch: No such queue',
    });
  });

  test('bsub that waits for better times is not waited for', () => {
    const { stallsOn } = submissionOf(LSF, 1).command;
    expect(stallsOn?.test('User <ann>: Pending job threshold reached. Retrying in 60 seconds...')).toBe(true);
    expect(stallsOn?.test('Job <101> is submitted to queue <normal>.')).toBe(false);
  });
});

describe('asking', () => {
  test.each([
    [
      { STAT: 'PEND', PEND_REASON: 'New job is waiting for scheduling;' },
      { kind: 'pending', reason: 'New job is waiting for scheduling' },
    ],
    [{ STAT: 'PEND' }, { kind: 'pending', reason: null }],
    [
      { STAT: 'PSUSP', PEND_REASON: 'Job was suspended by the user while pending;' },
      { kind: 'held', reason: 'Job was suspended by the user while pending' },
    ],
    [{ STAT: 'RUN' }, { kind: 'running' }],
    [{ STAT: 'USUSP' }, { kind: 'running' }],
    [{ STAT: 'UNKWN' }, { kind: 'running' }],
    [{ STAT: 'DONE' }, { kind: 'ended', end: { kind: 'exited', exitCode: 0 } }],
    [
      { STAT: 'EXIT', EXIT_CODE: '3' },
      { kind: 'ended', end: { kind: 'exited', exitCode: 3 } },
    ],
    [
      { STAT: 'EXIT', EXIT_CODE: '139' },
      { kind: 'ended', end: { kind: 'signalled', signal: 'SIGSEGV' } },
    ],
    [{ STAT: 'EXIT' }, { kind: 'ended', end: { kind: 'unknown' } }],
    [
      {
        STAT: 'EXIT',
        EXIT_CODE: '140',
        EXIT_REASON: 'TERM_RUNLIMIT: job killed after reaching LSF run time limit',
      },
      { kind: 'ended', end: { kind: 'timeout' } },
    ],
    [
      {
        STAT: 'EXIT',
        EXIT_CODE: '137',
        EXIT_REASON: 'TERM_MEMLIMIT: job killed after reaching LSF memory usage limit',
      },
      { kind: 'ended', end: { kind: 'out-of-memory' } },
    ],
    [
      { STAT: 'EXIT', EXIT_CODE: '130', EXIT_REASON: 'TERM_OWNER: job killed by owner' },
      { kind: 'ended', end: { kind: 'cancelled', by: 'its owner' } },
    ],
    [
      { STAT: 'EXIT', EXIT_CODE: '137', EXIT_REASON: 'TERM_RC: its host was reclaimed by the cloud' },
      {
        kind: 'ended',
        end: { kind: 'infrastructure', message: 'TERM_RC: its host was reclaimed by the cloud' },
      },
    ],
    [
      { STAT: 'EXIT', EXIT_REASON: 'TERM_PRE_EXEC_FAIL: pre-execution retry limit' },
      {
        kind: 'ended',
        end: { kind: 'not-started', message: 'TERM_PRE_EXEC_FAIL: pre-execution retry limit' },
      },
    ],
    [
      { STAT: 'EXIT', EXIT_REASON: 'TERM_PREEMPT: job killed after preemption' },
      {
        kind: 'ended',
        end: { kind: 'infrastructure', message: 'TERM_PREEMPT: job killed after preemption' },
      },
    ],
    [
      { STAT: 'ZOMBI' },
      { kind: 'ended', end: { kind: 'infrastructure', message: 'ZOMBI: its host does not answer' } },
    ],
  ])('%j', (record, state) => {
    expect(statesIn(LSF.readQuery(said(bjobsOf(record)), SCOPE))).toEqual({ '12/3': state });
  });

  test('jobs that are no arrays, jobs of others, records that make no sense', () => {
    const text = bjobsOf(
      { JOBINDEX: '0', JOB_NAME: 'rgt-x-1', STAT: 'RUN' },
      { JOB_NAME: 'other[3]', STAT: 'RUN' },
      { STAT: 'UNHEARD_OF' },
      { JOBID: '', STAT: 'RUN' },
      { JOBID: '99', ERROR: 'Job <99> is not found' },
    );
    expect(LSF.readQuery(said(text), SCOPE)).toEqual({
      kind: 'answered',
      reports: [{ id: '12', arrayName: 'rgt-x-1', tasks: [1], state: { kind: 'running' } }],
      garbled: 2,
    });
  });

  test.each(['No job found', 'No unfinished job found', 'No matching job found'])(
    '%s: an empty queue',
    (words) => {
      expect(LSF.readQuery(complained(words, 255), SCOPE)).toEqual({
        kind: 'answered',
        reports: [],
        garbled: 0,
      });
    },
  );

  test('a system that does not answer says nothing about any task', () => {
    expect(LSF.readQuery(complained('LSF is down. Please wait ...'), SCOPE)).toEqual({
      kind: 'unavailable',
      message: 'LSF is down. Please wait ..',
    });
    expect(LSF.readQuery(said('{"COMMAND":"bjobs", "RECORDS": ['), SCOPE).kind).toBe('unavailable');
  });

  test('limits of the site', () => {
    const text =
      'Default Queues:  DEFAULT_QUEUE = normal night\nMAX_JOB_ARRAY_SIZE = 1000\nCLEAN_PERIOD = 3600\n';
    expect(LSF.readProbe(said(text))).toEqual({
      kind: 'answered',
      arrayLimit: 1000,
      facts: ['MAX_JOB_ARRAY_SIZE 1000', 'CLEAN_PERIOD 3600'],
    });
    expect(LSF.readProbe(complained('LSF is down. Please wait ...')).kind).toBe('unavailable');
  });
});

test('ending names whole arrays, or ranges of their tasks', () => {
  const targets = [
    { id: '12', tasks: null },
    { id: '13', tasks: [1, 2, 3, 7] },
  ];
  expect(LSF.askToEnd?.(targets)).toEqual([{ program: 'bkill', args: ['12', '13[1-3]', '13[7]'] }]);
  expect(LSF.cancel(targets)).toEqual([{ program: 'bkill', args: ['-s', 'KILL', '12', '13[1-3]', '13[7]'] }]);
});
