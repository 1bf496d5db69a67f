// The heap of integers sorts.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { IntHeap } from '../../src/util/int-heap.js';

function drain(heap: IntHeap): number[] {
  const values: number[] = [];
  for (let value = heap.pop(); value !== undefined; value = heap.pop()) values.push(value);
  return values;
}

test('an empty heap gives nothing', () => {
  const heap = new IntHeap();
  expect([heap.size, heap.peek(), heap.pop(), [...heap.values()]]).toEqual([0, undefined, undefined, []]);
});

test('gives back all values, duplicates too, smallest first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 300 }), (values) => {
      const heap = new IntHeap();
      for (const value of values) heap.push(value);
      const sorted = values.toSorted((a, b) => a - b);
      expect(heap.size).toBe(values.length);
      expect([...heap.values()].sort((a, b) => a - b)).toEqual(sorted);
      expect(drain(heap)).toEqual(sorted);
    }),
    { seed: 20261124 },
  );
});

test('always gives the smallest of what is in it, pushes and pops mixed', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: -9, max: 9 })), { maxLength: 200 }), (moves) => {
      const heap = new IntHeap();
      const model: number[] = [];
      for (const value of moves) {
        if (value !== null) {
          heap.push(value);
          model.push(value);
          model.sort((a, b) => a - b);
        } else {
          expect(heap.pop()).toBe(model.shift());
        }
        expect(heap.peek()).toBe(model[0]);
        expect(heap.size).toBe(model.length);
      }
    }),
    { seed: 20261124 },
  );
});
