// PBS's words: what its commands are told, and what is made of what they say. The answers follow the documentation of PBS 2022.
import { describe, expect, test } from 'vitest';
import { PBS } from '../../../src/backends/batch/engines/pbs.js';
import { complained, MUCH, said, SCOPE, statesIn, submissionOf } from './engine-words.js';

/** What `qstat -f -F json` prints. */
function qstatOf(jobs: Readonly<Record<string, Readonly<Record<string, unknown>>>>): string {
  const whole = Object.entries(jobs).map(([id, job]) => [id, { Job_Name: 'rgt-x-1', ...job }]);
  return JSON.stringify({
    timestamp: 1_790_000_000,
    pbs_version: '22.05.11',
    pbs_server: 'pbs',
    Jobs: Object.fromEntries(whole) as unknown,
  });
}

describe('submitting', () => {
  test('an array asks for what its tasks need, the script comes last', () => {
    const options = { queue: 'night', account: 'chip', place: 'pack' };
    const { command } = submissionOf(PBS, 300, { ...MUCH, options, extraArgs: ['-p', '5'] });
    expect(command).toEqual({
      program: 'qsub',
      args: [
        ...['-N', 'rgt-x-1', '-J', '1-300', '-S', '/bin/sh', '-j', 'oe', '-o', '/dev/null', '-m', 'n'],
        ...['-C', '', '-l', 'select=1:ncpus=4:mem=2048mb', '-l', 'place=pack', '-l', 'walltime=65:00'],
        ...['-l', 'vcs=1,verdi=2', '-q', 'night', '-A', 'chip', '-p', '5', '/run/1/script'],
      ],
    });
  });

  test('one task is no array, and is not run again by itself', () => {
    expect(submissionOf(PBS, 1).command.args).toEqual([
      ...['-N', 'rgt-x-1', '-r', 'n', '-S', '/bin/sh', '-j', 'oe', '-o', '/dev/null', '-m', 'n'],
      ...['-C', '', '/run/1/script'],
    ]);
  });

  test.each([
    ['1234.pbs\n', '1234.pbs'],
    ['1234[].pbs.site.example\n', '1234[].pbs.site.example'],
  ])('%j is job %s', (stdout, id) => {
    expect(PBS.readSubmit(said(stdout))).toEqual({ kind: 'submitted', id });
  });

  test.each([
    ['rejected', 'Unknown queue'],
    ['rejected', 'Unknown resource: Resource_List.vcs'],
    ['rejected', 'Job violates queue and/or server resource limits'],
    ['busy', "would exceed complex's per-user limit"],
    ['busy', 'Maximum number of jobs already in queue for user'],
    ['busy', 'cannot connect to server pbs (errno=111)'],
    ['unclear', 'End of File'],
  ])('%s: %s', (kind, words) => {
    expect(PBS.readSubmit(complained(`qsub: ${words}`)).kind).toBe(kind);
  });

  test('a refusal is passed on in the words of PBS', () => {
    expect(PBS.readSubmit(complained('qsub: Unknown queue'))).toEqual({
      kind: 'rejected',
      message: 'Unknown queue',
    });
    expect(PBS.readSubmit(said('')).kind).toBe('unclear');
  });
});

describe('asking', () => {
  test.each([
    [{ job_state: 'Q' }, { kind: 'pending', reason: null }],
    [
      { job_state: 'Q', comment: 'Not Running: Insufficient amount of resource: vcs' },
      { kind: 'pending', reason: 'Not Running: Insufficient amount of resource: vcs' },
    ],
    [
      {
        job_state: 'Q',
        comment: 'Can Never Run: Insufficient amount of resource: ncpus (R: 99 A: 16 T: 16)',
      },
      {
        kind: 'hopeless',
        reason: 'Can Never Run: Insufficient amount of resource: ncpus (R: 99 A: 16 T: 16)',
      },
    ],
    [{ job_state: 'H' }, { kind: 'held', reason: 'on hold' }],
    [
      { job_state: 'H', comment: 'job held, too many failed attempts to run' },
      { kind: 'held', reason: 'job held, too many failed attempts to run', isLaunchFailure: true },
    ],
    [{ job_state: 'R' }, { kind: 'running' }],
    [{ job_state: 'E' }, { kind: 'running' }],
    [
      { job_state: 'F', Exit_status: 0 },
      { kind: 'ended', end: { kind: 'exited', exitCode: 0 } },
    ],
    [
      { job_state: 'X', Exit_status: 3 },
      { kind: 'ended', end: { kind: 'exited', exitCode: 3 } },
    ],
    [
      { job_state: 'F', Exit_status: 139 },
      { kind: 'ended', end: { kind: 'signalled', signal: 'SIGSEGV' } },
    ],
    [
      { job_state: 'F', Exit_status: 271 },
      { kind: 'ended', end: { kind: 'signalled', signal: 'SIGTERM' } },
    ],
    [
      { job_state: 'F', Exit_status: -29 },
      { kind: 'ended', end: { kind: 'timeout' } },
    ],
    [
      { job_state: 'F', Exit_status: -27 },
      { kind: 'ended', end: { kind: 'out-of-memory' } },
    ],
    [
      { job_state: 'F', Exit_status: -31 },
      { kind: 'ended', end: { kind: 'out-of-memory' } },
    ],
    [
      { job_state: 'F', Exit_status: -24 },
      {
        kind: 'ended',
        end: { kind: 'cancelled', by: 'PBS itself (it used more processors than it had asked for)' },
      },
    ],
    // A user that the node does not know, a job run again, one that was checkpointed: no limits.
    [
      { job_state: 'F', Exit_status: -10 },
      { kind: 'ended', end: { kind: 'infrastructure', message: 'exit status -10 of PBS' } },
    ],
    [
      { job_state: 'F', Exit_status: -11 },
      { kind: 'ended', end: { kind: 'infrastructure', message: 'exit status -11 of PBS' } },
    ],
    [
      { job_state: 'F', Exit_status: -12 },
      { kind: 'ended', end: { kind: 'infrastructure', message: 'exit status -12 of PBS' } },
    ],
    [
      { job_state: 'F', Exit_status: -3, comment: 'job held, too many failed attempts to run' },
      {
        kind: 'ended',
        end: { kind: 'infrastructure', message: 'job held, too many failed attempts to run' },
      },
    ],
    [{ job_state: 'F' }, { kind: 'ended', end: { kind: 'cancelled', by: null } }],
  ])('%j', (job, state) => {
    expect(statesIn(PBS.readQuery(said(qstatOf({ '12[3].pbs': job })), SCOPE))).toEqual({
      '12[].pbs/3': state,
    });
  });

  test('environments that PBS writes as they are, and not as JSON', () => {
    const job = (id: string, name: string, variables: readonly string[]): string =>
      [
        `        "${id}":{`,
        `            "Job_Name":"${name}",`,
        '            "Variable_List":{',
        variables.map((variable) => `                ${variable}`).join(',\n'),
        '            },',
        '            "job_state":"R"',
        '        }',
      ].join('\n');
    const jobs = [
      job('12[3].pbs', 'rgt-x-1', ['"LANG":"C"']),
      job('40.pbs', 'other', [
        '"CODE":005',
        String.raw`"LIST":"a\,b"`,
        '"BASH_FUNC_f%%":"() {\n echo "}"\n}"',
      ]),
      job('12[4].pbs', 'rgt-x-1', ['"LANG":"C"']),
    ];
    const text = `{\n    "pbs_server":"pbs",\n    "Jobs":{\n${jobs.join(',\n')}\n    }\n}\n`;
    expect(statesIn(PBS.readQuery(said(text), SCOPE))).toEqual({
      '12[].pbs/3': { kind: 'running' },
      '12[].pbs/4': { kind: 'running' },
    });
  });

  test('jobs that are no arrays, arrays as such, jobs of others, entries that make no sense', () => {
    const text = qstatOf({
      '11.pbs': { job_state: 'R' },
      '12[].pbs': { job_state: 'B' },
      '12[7].pbs': { job_state: 'R' },
      '13.pbs': { job_state: 'R', Job_Name: 'other' },
      '14.pbs': { job_state: '?' },
      nonsense: { job_state: 'R' },
    });
    expect(PBS.readQuery(said(text), SCOPE)).toEqual({
      kind: 'answered',
      reports: [
        { id: '11.pbs', arrayName: 'rgt-x-1', tasks: [1], state: { kind: 'running' } },
        { id: '12[].pbs', arrayName: 'rgt-x-1', tasks: [7], state: { kind: 'running' } },
      ],
      garbled: 2,
    });
  });

  test('an empty queue is an answer, broken JSON is none', () => {
    expect(PBS.readQuery(said('{"timestamp":1,"pbs_version":"22.05.11","pbs_server":"pbs"}'), SCOPE)).toEqual(
      {
        kind: 'answered',
        reports: [],
        garbled: 0,
      },
    );
    expect(PBS.readQuery(said('{"Jobs":{"1.pbs":{"Variable_List":{"A":"\n'), SCOPE)).toEqual({
      kind: 'unavailable',
      message: 'qstat wrote no JSON',
    });
  });

  test('limits of the site', () => {
    const text = JSON.stringify({
      Server: { pbs: { server_state: 'Active', pbs_version: '22.05.11', max_array_size: 10_000 } },
    });
    expect(PBS.readProbe(said(text))).toEqual({
      kind: 'answered',
      arrayLimit: 10_000,
      facts: ['pbs_version 22.05.11', 'server_state Active', 'max_array_size 10000'],
    });
    expect(PBS.readProbe(complained('qstat: cannot connect to server pbs (errno=111)'))).toEqual({
      kind: 'unavailable',
      message: 'cannot connect to server pbs (errno=111)',
    });
  });
});

test('ending names whole arrays, or ranges of their tasks', () => {
  const targets = [
    { id: '11.pbs', tasks: null },
    { id: '12[].pbs', tasks: null },
    { id: '13[].pbs', tasks: [1, 2, 3, 7] },
  ];
  const named = ['11.pbs', '12[].pbs', '13[1-3].pbs', '13[7].pbs'];
  expect(PBS.askToEnd?.(targets)).toEqual([{ program: 'qdel', args: named }]);
  expect(PBS.cancel(targets)).toEqual([
    { program: 'qdel', args: named },
    { program: 'qsig', args: ['-s', 'SIGKILL', ...named] },
  ]);
});
