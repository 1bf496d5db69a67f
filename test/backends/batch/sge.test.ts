// Grid Engine's words: what its commands are told, and what is made of what they say. The answers are those of Son of Grid Engine 8.1.9.
import { describe, expect, test } from 'vitest';
import { SGE } from '../../../src/backends/batch/engines/sge.js';
import { complained, MUCH, said, SCOPE, statesIn, submissionOf } from './engine-words.js';

/** A job list as qstat writes it; fields as `name: value`. */
function qstatOf(...entries: readonly Readonly<Record<string, string>>[]): string {
  const lists = entries.map((fields) => {
    const lines = Object.entries({ JB_name: 'rgt-x-1', JB_owner: 'ann', ...fields });
    return `<job_list state="running">\n${lines.map(([name, value]) => `      <${name}>${value}</${name}>\n`).join('')}    </job_list>\n`;
  });
  return `<?xml version='1.0'?>\n<job_info  xmlns:xsd="http://arc.liv.ac.uk/repos/darcs/sge/source/dist/util/resources/schemas/qstat/qstat.xsd">\n  <queue_info>\n    ${lists.join('    ')}  </queue_info>\n  <job_info>\n  </job_info>\n</job_info>\n`;
}

/** A block of qacct. */
function qacctOf(taskid: string, failed: string, exitStatus: string): string {
  return [
    '==============================================================',
    'qname        all.q               ',
    'jobname      rgt-x-1             ',
    'jobnumber    12                  ',
    `taskid       ${taskid}`,
    'account      sge                 ',
    `failed       ${failed}`,
    `exit_status  ${exitStatus}`,
    'ru_wallclock 4s',
    '',
  ].join('\n');
}

describe('submitting', () => {
  test('an array asks for what its tasks need, the script comes last', () => {
    const options = { queue: 'dv.q', project: 'chip', account: 'night', memory_resource: 'h_vmem' };
    const { command } = submissionOf(SGE, 300, { ...MUCH, options, extraArgs: ['-p', '-5'] });
    expect(command).toEqual({
      program: 'qsub',
      args: [
        ...['-terse', '-N', 'rgt-x-1', '-t', '1-300', '-b', 'y', '-shell', 'n', '-r', 'n', '-m', 'n'],
        ...['-j', 'y', '-o', '/dev/null', '-wd', '/run/1', '-w', 'e', '-pe', 'smp', '4'],
        ...['-l', 'h_vmem=2048M,h_rt=3900,vcs=1,verdi=2', '-q', 'dv.q', '-P', 'chip', '-A', 'night'],
        ...['-p', '-5', '/run/1/script'],
      ],
    });
  });

  test('one task is no array, and nothing is asked for that nobody wants', () => {
    expect(submissionOf(SGE, 1).command.args).toEqual([
      ...['-terse', '-N', 'rgt-x-1', '-b', 'y', '-shell', 'n', '-r', 'n', '-m', 'n'],
      ...['-j', 'y', '-o', '/dev/null', '-wd', '/run/1', '-w', 'e', '/run/1/script'],
    ]);
  });

  test('what asks for a load value is not verified beforehand: it would be refused', () => {
    const { args } = submissionOf(SGE, 2, { memoryMib: 100 }).command;
    expect(args).toContain('mem_free=100M');
    expect(args).not.toContain('-w');
  });

  test('one processor is no parallel job', () => {
    expect(submissionOf(SGE, 2, { cpus: 1 }).command.args).not.toContain('-pe');
  });

  test.each([
    ['2\n', '2'],
    ['1.1-20:1\n', '1'],
    ['Welcome!\n77.1-3:1\n', '77'],
  ])('%j is job %s', (stdout, id) => {
    expect(SGE.readSubmit(said(stdout))).toEqual({ kind: 'submitted', id });
  });

  test.each([
    ['rejected', 'Job was rejected because job requests unknown queue "nosuch"'],
    ['rejected', 'unknown resource "nosuch"'],
    ['rejected', 'job rejected: the requested parallel environment "nopes" does not exist'],
    ['rejected', 'job rejected: you tried to submit a job with more than 75000 tasks'],
    ['busy', 'job rejected: only 10 jobs are allowed per user (current job count: 10)'],
    ['busy', 'unable to send message to qmaster using port 6444 on host "vm": got send error'],
    [
      'unclear',
      'failed receiving gdi request response for mid=1 (got syncron message receive timeout error).',
    ],
  ])('%s: %s', (kind, words) => {
    expect(SGE.readSubmit(complained(`Unable to run job: ${words}\nExiting.`)).kind).toBe(kind);
  });

  test('a refusal is passed on in the words of Grid Engine', () => {
    const reply = SGE.readSubmit(complained('Unable to run job: error: no suitable queues\nExiting.'));
    expect(reply).toEqual({ kind: 'rejected', message: 'no suitable queues' });
  });

  test('an answer that names no job is unclear', () => {
    expect(SGE.readSubmit(said('done\n'))).toEqual({
      kind: 'unclear',
      message: 'qsub named no job: done',
    });
  });
});

describe('asking', () => {
  test.each([
    ['r', { kind: 'running' }],
    ['t', { kind: 'running' }],
    ['dr', { kind: 'running' }],
    ['S', { kind: 'running' }],
    ['Rr', { kind: 'running' }],
    ['qw', { kind: 'pending', reason: null }],
    ['Rq', { kind: 'pending', reason: null }],
    ['hqw', { kind: 'held', reason: 'on hold, state hqw' }],
    ['Eqw', { kind: 'held', reason: 'error state Eqw, see qacct -j 12' }],
  ])('state %s', (state, expected) => {
    const reply = SGE.readQuery(said(qstatOf({ JB_job_number: '12', state, tasks: '3' })), SCOPE);
    expect(statesIn(reply)).toEqual({ '12/3': expected });
  });

  test('waiting tasks are told together, jobs that are no arrays without a task, other jobs not at all', () => {
    const text = qstatOf(
      { JB_job_number: '12', state: 'qw', tasks: '5-7:1,9' },
      { JB_job_number: '13', state: 'r' },
      { JB_job_number: '14', state: 'r', JB_name: 'other', tasks: '1' },
    );
    expect(SGE.readQuery(said(text), SCOPE)).toEqual({
      kind: 'answered',
      reports: [
        { id: '12', arrayName: 'rgt-x-1', tasks: [5, 6, 7, 9], state: { kind: 'pending', reason: null } },
        { id: '13', arrayName: 'rgt-x-1', tasks: [1], state: { kind: 'running' } },
      ],
      garbled: 0,
    });
  });

  test('an empty queue is an answer, half of one is none', () => {
    expect(SGE.readQuery(said(qstatOf()), SCOPE)).toEqual({ kind: 'answered', reports: [], garbled: 0 });
    expect(SGE.readQuery(said(qstatOf().slice(0, 150)), SCOPE).kind).toBe('unavailable');
  });

  test('entries that make no sense are counted', () => {
    const text = qstatOf({ JB_job_number: '12', state: '?', tasks: '1' }, { state: 'r' });
    expect(SGE.readQuery(said(text), SCOPE)).toMatchObject({ reports: [], garbled: 2 });
  });

  test('a master that does not answer says nothing about any task', () => {
    const words = 'error: unable to send message to qmaster using port 6644 on host "vm": got send error';
    expect(SGE.readQuery(complained(words), SCOPE)).toEqual({
      kind: 'unavailable',
      message: 'unable to send message to qmaster using port 6644 on host "vm": got send error',
    });
  });

  test.each([
    ['0    ', '0', { kind: 'exited', exitCode: 0 }],
    ['0    ', '3', { kind: 'exited', exitCode: 3 }],
    ['0    ', '139                  (Segmentation fault)', { kind: 'signalled', signal: 'SIGSEGV' }],
    ['100 : assumedly after job', '137                  (Killed)', { kind: 'signalled', signal: 'SIGKILL' }],
    ['37  : qmaster enforced h_rt, h_cpu, or h_vmem limit', '137', { kind: 'timeout' }],
    [
      '27  : searching requested shell',
      '0',
      { kind: 'not-started', message: 'failed 27: searching requested shell' },
    ],
    ['25  : rescheduling', '99', { kind: 'infrastructure', message: 'failed 25: rescheduling' }],
  ])('the accounting says failed %s, exit status %s', (failed, status, end) => {
    const text = qacctOf('3', failed, status) + qacctOf('undefined', failed, status);
    expect(statesIn(SGE.history?.read(said(text), SCOPE) ?? { kind: 'unavailable', message: '' })).toEqual({
      '12/3': { kind: 'ended', end },
      '12/1': { kind: 'ended', end },
    });
  });

  test('the accounting is asked about each array once', () => {
    const targets = [
      { id: '12', tasks: [1, 2] },
      { id: '13', tasks: null },
    ];
    expect(SGE.history?.command(targets, SCOPE)).toEqual([
      { program: 'qacct', args: ['-j', '12'] },
      { program: 'qacct', args: ['-j', '13'] },
    ]);
  });

  test('an array of which nothing ran is not in the accounting', () => {
    const nothing = { kind: 'answered', reports: [], garbled: 0 };
    expect(SGE.history?.read(complained('error: job id 12 not found'), SCOPE)).toEqual(nothing);
    const words = 'error: /sge/default/common/accounting: No such file or directory';
    expect(SGE.history?.read(complained(words), SCOPE).kind).toBe('unavailable');
  });

  test('the accounting of Univa and Altair Grid Engine says who deleted a job', () => {
    const killed = qacctOf('1', '100 : assumedly after job', '137');
    const endOf = (by: string): unknown =>
      statesIn(
        SGE.history?.read(said(killed.replace(/^exit/m, `deleted_by   ${by}\nexit`)), SCOPE) ?? {
          kind: 'unavailable',
          message: '',
        },
      )['12/1'];
    expect(endOf('NONE')).toEqual({ kind: 'ended', end: { kind: 'signalled', signal: 'SIGKILL' } });
    expect(endOf('ann@login1')).toEqual({ kind: 'ended', end: { kind: 'cancelled', by: 'ann@login1' } });
  });

  test('limits of the site', () => {
    const text = 'max_aj_instances             2000\nmax_aj_tasks                 75000\nmax_u_jobs 0\n';
    expect(SGE.readProbe(said(text))).toEqual({
      kind: 'answered',
      arrayLimit: 75_000,
      facts: ['max_aj_tasks 75000', 'max_aj_instances 2000', 'max_u_jobs 0'],
    });
    expect(SGE.readProbe(said('max_aj_tasks 0\n'))).toMatchObject({ arrayLimit: null });
    expect(SGE.readProbe(complained('error: commlib error')).kind).toBe('unavailable');
  });
});

test('cancelling names whole arrays, or ranges of their tasks', () => {
  const targets = [
    { id: '12', tasks: null },
    { id: '13', tasks: [1, 2, 3, 7] },
  ];
  expect(SGE.cancel(targets)).toEqual([{ program: 'qdel', args: ['12', '13.1-3', '13.7'] }]);
  expect(SGE.askToEnd).toBeNull();
});
