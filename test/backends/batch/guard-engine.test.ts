// An engine of somebody else's that throws: what it throws is an answer like others, with the function named.
import { expect, test } from 'vitest';
import { guardEngine } from '../../../src/backends/batch/guard-engine.js';
import { SLURM } from '../../../src/backends/batch/index.js';
import { said, SCOPE } from './engine-words.js';

test('what reading functions throw becomes their answer', () => {
  const fail = (): never => {
    throw new Error('boom');
  };
  const engine = guardEngine({
    ...SLURM,
    name: 'odd',
    readProbe: fail,
    readSubmit: fail,
    readQuery: fail,
    history: { command: fail, read: fail },
  });
  const words = (name: string): string => `${name} of engine odd failed: boom`;
  expect(engine.readProbe(said(''))).toEqual({ kind: 'unavailable', message: words('readProbe') });
  expect(engine.readSubmit(said(''))).toEqual({ kind: 'unclear', message: words('readSubmit') });
  expect(engine.readQuery(said(''), SCOPE)).toEqual({ kind: 'unavailable', message: words('readQuery') });
  expect(engine.history?.command([], SCOPE)).toEqual([]);
  expect(engine.history?.read(said(''), SCOPE)).toEqual({
    kind: 'unavailable',
    message: words('history.read'),
  });
});

test('what does not throw is left as it is', () => {
  const engine = guardEngine({ ...SLURM, history: null });
  expect(engine.readSubmit(said('12\n'))).toEqual({ kind: 'submitted', id: '12' });
  expect(engine.history).toBeNull();
  expect(engine.submit).toBe(SLURM.submit);
});
