// NetworkComputer's words: what its commands are told, and what is made of what they say. The answers follow its documentation.
import { describe, expect, test } from 'vitest';
import { NC } from '../../../src/backends/batch/engines/nc.js';
import { complained, MUCH, said, SCOPE, statesIn, submissionOf } from './engine-words.js';

describe('submitting', () => {
  test('a job asks for what it needs, the script comes last', () => {
    const options = { jobclass: 'sim', priority: 'high' };
    const { command } = submissionOf(NC, 1, { ...MUCH, options, extraArgs: ['-nopost'] });
    expect(command).toEqual({
      program: 'nc',
      args: [
        ...['run', '-D', '-nolog', '-nodb', '-e', 'SNAPSHOT', '-J', 'rgt-x-1', '-set', 'rgt-x'],
        ...['-r', 'CORES/4', '-r', 'RAM/2048', '-r', 'License:vcs/1', '-r', 'License:verdi/2'],
        ...['-C', 'sim', '-p', 'high', '-nopost', '--', '/run/1/script'],
      ],
    });
  });

  test.each([
    ['Resources= linux64\nEnv      = SNAPSHOT\nCommand  = /run/1/script\nJobId    = 000012345\n', '12345'],
    ['000012345\n', '12345'],
  ])('%j is job %s', (stdout, id) => {
    expect(NC.readSubmit(said(stdout))).toEqual({ kind: 'submitted', id });
  });

  test.each([
    ['rejected', 'nc: ERROR: No such jobclass "nosuch"'],
    ['busy', 'nc: ERROR: Cannot connect to vnc@host'],
  ])('%s: %s', (kind, words) => {
    expect(NC.readSubmit(complained(words)).kind).toBe(kind);
  });

  test('an answer that names no job is unclear', () => {
    expect(NC.readSubmit(said('nc: message: thanks\n')).kind).toBe('unclear');
  });
});

describe('asking', () => {
  test.each([
    ['Scheduled', { kind: 'pending', reason: null }],
    ['Running', { kind: 'running' }],
    ['Suspended', { kind: 'running' }],
    ['Transfer', { kind: 'pending', reason: 'Transfer' }],
    ['Withdrawn', { kind: 'pending', reason: 'Withdrawn' }],
    [
      'Sleeping',
      { kind: 'ended', end: { kind: 'infrastructure', message: 'Sleeping: no tasker has it any more' } },
    ],
    ['Done', { kind: 'ended', end: { kind: 'exited', exitCode: 0 } }],
    ['Failed', { kind: 'ended', end: { kind: 'unknown' } }],
    ['Idle', { kind: 'ended', end: { kind: 'cancelled', by: null } }],
  ])('status %s', (status, state) => {
    expect(statesIn(NC.readQuery(said(`000012345 ${status} rgt-x-1\n`), SCOPE))).toEqual({
      '12345/1': state,
    });
  });

  test('jobs of others, lines that make no sense', () => {
    const text = '000012345 Running rgt-x-1\n000012346 Running other\n000012347 Unheard rgt-x-2\nnonsense\n';
    expect(NC.readQuery(said(text), SCOPE)).toEqual({
      kind: 'answered',
      reports: [{ id: '12345', arrayName: 'rgt-x-1', tasks: [1], state: { kind: 'running' } }],
      garbled: 2,
    });
  });

  test('a set that is not there yet has no jobs', () => {
    expect(NC.readQuery(complained('nc: ERROR: No such set rgt-x'), SCOPE)).toEqual({
      kind: 'answered',
      reports: [],
      garbled: 0,
    });
    expect(NC.readQuery(complained('nc: ERROR: Cannot connect to vnc@host'), SCOPE)).toEqual({
      kind: 'unavailable',
      message: 'Cannot connect to vnc@host',
    });
  });

  test('there are no arrays, and netcat is another program of that name', () => {
    expect(NC.readProbe(said(''))).toEqual({ kind: 'answered', arrayLimit: 1, facts: [] });
    expect(NC.readProbe(complained('usage: nc [-46CDdFhklNnrStUuvZz] [-I length]'))).toEqual({
      kind: 'unavailable',
      message: 'the nc on PATH is netcat, not NetworkComputer',
    });
  });
});

test('ending names the jobs', () => {
  const targets = [
    { id: '12345', tasks: null },
    { id: '12346', tasks: null },
  ];
  expect(NC.askToEnd?.(targets)).toEqual([
    { program: 'nc', args: ['stop', '-sig', 'TERM', '12345', '12346'] },
  ]);
  expect(NC.cancel(targets)).toEqual([{ program: 'nc', args: ['stop', '-sig', 'KILL', '12345', '12346'] }]);
});
