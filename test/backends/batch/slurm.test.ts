// Slurm's words: what its commands are told, and what is made of what they say. The answers are Slurm 22.05's own unless said otherwise.
import { describe, expect, test } from 'vitest';
import { SLURM } from '../../../src/backends/batch/engines/slurm.js';
import type { CommandAnswer, TaskDemand } from '../../../src/backends/batch/engine.js';
import { complained as complainedBy, said, SCOPE, submissionOf } from './engine-words.js';

function complained(stderr: string): CommandAnswer {
  return complainedBy(`sbatch: error: ${stderr}`);
}

function argsOf(taskCount: number, demand: Partial<TaskDemand>): readonly string[] {
  return submissionOf(SLURM, taskCount, demand).command.args;
}

describe('submitting', () => {
  test('an array asks for what its tasks need, the script comes last', () => {
    const demand = {
      cpus: 4,
      memoryMib: 2048,
      timeLimitMins: 65,
      licences: { vcs: 1, verdi: 2 },
      options: { partition: 'dv', qos: 'night' },
      extraArgs: ['--nice=5'],
    };
    expect(argsOf(300, demand)).toEqual([
      '--parsable',
      '--job-name=rgt-x-1',
      '--array=1-300',
      '--no-requeue',
      '--output=/dev/null',
      '--chdir=/run/1',
      '--export=ALL',
      '--cpus-per-task=4',
      '--mem=2048M',
      '--time=65',
      '--licenses=vcs:1,verdi:2',
      '--partition=dv',
      '--qos=night',
      '--nice=5',
      '/run/1/script',
    ]);
  });

  test('one task is no array, and nothing is asked for that nobody wants', () => {
    expect(argsOf(1, {})).toEqual([
      '--parsable',
      '--job-name=rgt-x-1',
      '--no-requeue',
      '--output=/dev/null',
      '--chdir=/run/1',
      '--export=ALL',
      '/run/1/script',
    ]);
  });

  test.each([
    ['123\n', '123'],
    ['123;cluster\n', '123'],
    ['Welcome to the cluster\n77\n', '77'],
  ])('%j is job %s', (stdout, id) => {
    expect(SLURM.readSubmit(said(stdout))).toEqual({ kind: 'submitted', id });
  });

  test.each([
    ['busy', 'Batch job submission failed: Unable to contact slurm controller (connect failure)'],
    ['busy', 'Batch job submission failed: Resource temporarily unavailable'],
    [
      'busy',
      "Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)",
    ],
    [
      'busy',
      'QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy',
    ],
    ['unclear', 'Batch job submission failed: Socket timed out on send/recv operation'],
    ['unclear', 'Slurm temporarily unable to accept job, sleeping and retrying'],
    [
      'rejected',
      'QOSMaxWallDurationPerJobLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy',
    ],
    [
      'rejected',
      'QOSMinCpuNotSatisfied\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy',
    ],
    [
      'rejected',
      'QOSMaxCpuPerNode\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy',
    ],
    ['rejected', 'Batch job submission failed: Invalid partition name specified'],
    ['rejected', 'Batch job submission failed: Requested node configuration is not available'],
    ['rejected', 'Batch job submission failed: Invalid license specification'],
    ['rejected', 'Batch job submission failed: Invalid job array specification'],
    ['rejected', 'Batch job submission failed: Invalid qos specification'],
  ])('%s: %s', (kind, stderr) => {
    expect(SLURM.readSubmit(complained(stderr)).kind).toBe(kind);
  });

  test('a refusal is passed on in the words of Slurm', () => {
    const stderr =
      'invalid partition specified: nope\nsbatch: error: Batch job submission failed: Invalid partition name specified';
    expect(SLURM.readSubmit(complained(stderr))).toEqual({
      kind: 'rejected',
      message: 'invalid partition specified: nope; Invalid partition name specified',
    });
  });

  test('an answer that names no job is unclear', () => {
    expect(SLURM.readSubmit(said('done!\n'))).toEqual({
      kind: 'unclear',
      message: 'sbatch named no job: done!',
    });
    expect(SLURM.readSubmit(said(''))).toMatchObject({ kind: 'unclear' });
  });
});

describe('asking', () => {
  const query = (stdout: string): unknown => SLURM.readQuery(said(stdout), SCOPE);

  test.each([
    ['12|5-2000%16|90|PENDING|0|Resources||', { kind: 'pending', reason: 'Resources' }],
    ['12|1|90|PENDING|0|None||', { kind: 'pending', reason: null }],
    ['12|1|90|PENDING|0|Licenses||', { kind: 'pending', reason: 'Licenses' }],
    [
      '12|1|90|PENDING|0|ReqNodeNotAvail, UnavailableNodes:n2||',
      { kind: 'pending', reason: 'ReqNodeNotAvail, UnavailableNodes:n2' },
    ],
    ['12|1|90|PENDING|0|JobHeldAdmin||', { kind: 'held', reason: 'JobHeldAdmin' }],
    [
      '12|1|90|PENDING|0|launch failed requeued held||',
      { kind: 'held', reason: 'launch failed requeued held', isLaunchFailure: true },
    ],
    ['12|1|90|PENDING|0|PartitionTimeLimit||', { kind: 'hopeless', reason: 'PartitionTimeLimit' }],
    ['12|1|90|PENDING|0|QOSMaxCpuPerJobLimit||', { kind: 'hopeless', reason: 'QOSMaxCpuPerJobLimit' }],
    ['12|1|90|PENDING|0|QOSMaxMemoryPerNode||', { kind: 'hopeless', reason: 'QOSMaxMemoryPerNode' }],
    ['12|1|90|RUNNING|0|None|n1|', { kind: 'running' }],
    ['12|1|90|COMPLETING|0|None|n1|', { kind: 'running' }],
    ['12|1|90|COMPLETED|0|None|n1|', { kind: 'ended', end: { kind: 'exited', exitCode: 0 } }],
    ['12|1|90|FAILED|768|NonZeroExitCode|n1|', { kind: 'ended', end: { kind: 'exited', exitCode: 3 } }],
    [
      '12|1|90|FAILED|9|JobLaunchFailure|n1|',
      { kind: 'ended', end: { kind: 'signalled', signal: 'SIGKILL' } },
    ],
    [
      '12|N/A|90|FAILED|256|BadConstraints||',
      { kind: 'ended', end: { kind: 'not-started', message: 'BadConstraints' } },
    ],
    [
      '12|1|90|FAILED|0|JobLaunchFailure|n1|',
      { kind: 'ended', end: { kind: 'infrastructure', message: 'JobLaunchFailure' } },
    ],
    ['12|1|90|TIMEOUT|0|TimeLimit|n1|', { kind: 'ended', end: { kind: 'timeout' } }],
    ['12|1|90|DEADLINE|0|DeadLine|n1|', { kind: 'ended', end: { kind: 'timeout' } }],
    ['12|1|90|OUT_OF_MEMORY|125|OutOfMemory|n1|', { kind: 'ended', end: { kind: 'out-of-memory' } }],
    ['12|1|90|CANCELLED|15|None|n1|', { kind: 'ended', end: { kind: 'cancelled', by: null } }],
    ['12|1|90|CANCELLED|0|None||', { kind: 'ended', end: { kind: 'cancelled', by: null } }],
    [
      '12|1|90|CANCELLED|0|None|n1|',
      {
        kind: 'ended',
        end: { kind: 'cancelled', by: null, launchFailure: 'CANCELLED on n1 before it began' },
      },
    ],
    [
      '12|1|90|NODE_FAIL|0|NodeDown|n1|',
      { kind: 'ended', end: { kind: 'infrastructure', message: 'NODE_FAIL' } },
    ],
    [
      '12|1|90|PREEMPTED|0|None|n1|',
      { kind: 'ended', end: { kind: 'infrastructure', message: 'PREEMPTED' } },
    ],
    ['12|1|90|REVOKED|0|None|n1|', { kind: 'ended', end: { kind: 'infrastructure', message: 'REVOKED' } }],
  ])('%s', (line, state) => {
    expect(query(`${line}rgt-x-3\n`)).toEqual({
      kind: 'answered',
      garbled: 0,
      reports: [expect.objectContaining({ state })],
    });
  });

  test('lists of tasks, jobs that are no arrays, jobs of others, lines that make no sense', () => {
    const text = [
      '12|5-7,9%16|90|PENDING|0|Resources||rgt-x-3',
      '12|1-9:4|90|RUNNING|0|None|n[1-2]|rgt-x-3',
      '13|N/A|90|RUNNING|0|None|n1|rgt-x-4',
      '14|N/A|90|RUNNING|0|None|n1|rgt-y-4',
      'slurm_load_jobs error: none of your business',
      '15|x|90|RUNNING|0|None|n1|rgt-x-5',
      '15|1|90|UNHEARD_OF|0|None|n1|rgt-x-5',
      '',
    ].join('\n');
    expect(query(text)).toEqual({
      kind: 'answered',
      reports: [
        {
          id: '12',
          arrayName: 'rgt-x-3',
          tasks: [5, 6, 7, 9],
          state: { kind: 'pending', reason: 'Resources' },
        },
        { id: '12', arrayName: 'rgt-x-3', tasks: [1, 5, 9], state: { kind: 'running' } },
        { id: '13', arrayName: 'rgt-x-4', tasks: [1], state: { kind: 'running' } },
      ],
      garbled: 3,
    });
  });

  test('what Slurm cancels because the last task of the array could not be launched is lost', () => {
    const statesOf = (last: string): readonly unknown[] => {
      const lines = [
        '12|1|13|CANCELLED|15|None|n1|rgt-x-3',
        '12|2|14|COMPLETED|0|None|n1|rgt-x-3',
        `12|3|12|CANCELLED|0|None|${last}|rgt-x-3`,
        '20|1|21|CANCELLED|15|None|n1|rgt-x-4',
      ];
      const reply = SLURM.readQuery(said(lines.join('\n')), SCOPE);
      return reply.kind === 'answered' ? reply.reports.map(({ state }) => state) : [];
    };
    const cancelled = { kind: 'ended', end: { kind: 'cancelled', by: null } };
    const well = { kind: 'ended', end: { kind: 'exited', exitCode: 0 } };
    expect(statesOf('n2')).toEqual([
      {
        kind: 'ended',
        end: { kind: 'infrastructure', message: 'CANCELLED with a task that did not begin on n2' },
      },
      well,
      {
        kind: 'ended',
        end: { kind: 'cancelled', by: null, launchFailure: 'CANCELLED on n2 before it began' },
      },
      cancelled,
    ]);
    // It waited for a node, so somebody has cancelled the array.
    expect(statesOf('')).toEqual([cancelled, well, cancelled, cancelled]);
  });

  test('a controller that does not answer says nothing about any task', () => {
    const stderr = 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n';
    expect(SLURM.readQuery({ exitCode: 1, stdout: '', stderr }, SCOPE)).toEqual({
      kind: 'unavailable',
      message: 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)',
    });
  });

  test('limits of the site', () => {
    const config =
      'ClusterName             = test\nMaxArraySize            = 1001\nSLURM_VERSION           = 22.05.8\n';
    expect(SLURM.readProbe(said(config))).toEqual({
      kind: 'answered',
      arrayLimit: 1000,
      facts: ['SLURM_VERSION 22.05.8', 'ClusterName test', 'MaxArraySize 1001'],
    });
    expect(SLURM.readProbe(said('garbage'))).toMatchObject({ kind: 'unavailable' });
  });

  // As documented: no accounting database was there to ask.
  test('the accounting tells of what the controller has forgotten', () => {
    const stdout = [
      '12_3|COMPLETED|0:0|rgt-x-3',
      '12_4|CANCELLED by 1001|0:15|rgt-x-3',
      '12_[5-6]|CANCELLED by 0|0:0|rgt-x-3',
      '13|FAILED|3:0|rgt-x-4',
      '13.batch|FAILED|3:0|batch',
    ].join('\n');
    expect(SLURM.history?.read(said(stdout), SCOPE)).toEqual({
      kind: 'answered',
      reports: [
        {
          id: '12',
          arrayName: 'rgt-x-3',
          tasks: [3],
          state: { kind: 'ended', end: { kind: 'exited', exitCode: 0 } },
        },
        {
          id: '12',
          arrayName: 'rgt-x-3',
          tasks: [4],
          state: { kind: 'ended', end: { kind: 'cancelled', by: 'user 1001' } },
        },
        {
          id: '12',
          arrayName: 'rgt-x-3',
          tasks: [5, 6],
          state: { kind: 'ended', end: { kind: 'cancelled', by: 'user 0' } },
        },
        {
          id: '13',
          arrayName: 'rgt-x-4',
          tasks: [1],
          state: { kind: 'ended', end: { kind: 'exited', exitCode: 3 } },
        },
      ],
      garbled: 1,
    });
  });
});

test('cancelling names whole arrays, or ranges of their tasks', () => {
  const targets = [
    { id: '12', tasks: null },
    { id: '13', tasks: [1, 2, 3, 7] },
  ];
  expect(SLURM.cancel(targets)).toEqual([{ program: 'scancel', args: ['12', '13_[1-3,7]'] }]);
  expect(SLURM.askToEnd?.(targets)).toEqual([
    { program: 'scancel', args: ['--state=PENDING', '12', '13_[1-3,7]'] },
    { program: 'scancel', args: ['--signal=TERM', '--full', '12', '13_[1-3,7]'] },
  ]);
});
