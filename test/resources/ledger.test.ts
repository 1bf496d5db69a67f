// The ledger: what fits, reservations, and by random play that nothing goes below zero or above its limit.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ledger, type Claim } from '../../src/resources/index.js';

function claim(amounts: Readonly<Record<number, number>>): Claim {
  return { constraints: Object.keys(amounts).map(Number), amounts: Object.values(amounts) };
}

function makeLedger(...limits: number[]): Ledger {
  const ledger = new Ledger();
  for (const limit of limits) ledger.add(limit);
  return ledger;
}

test('a claim fits until one of its constraints is used up; that one is named', () => {
  const ledger = makeLedger(3, 2);
  const both = claim({ 0: 1, 1: 2 });
  expect(ledger.blocker(both, false)).toBeUndefined();
  ledger.take(both);
  expect([ledger.used(0), ledger.used(1)]).toEqual([1, 2]);
  expect(ledger.blocker(both, false)).toBe(1);
  expect(ledger.blocker(claim({ 0: 2 }), false)).toBeUndefined();
  expect(ledger.blocker(claim({ 0: 3 }), false)).toBe(0);
  ledger.release(both);
  expect([ledger.used(0), ledger.used(1)]).toEqual([0, 0]);
});

test('a limit below what is in use blocks until enough is given back', () => {
  const ledger = makeLedger(3);
  const one = claim({ 0: 1 });
  for (let i = 0; i < 3; i++) ledger.take(one);
  ledger.setLimit(0, 1);
  ledger.release(one);
  expect(ledger.blocker(one, false)).toBe(0);
  ledger.release(one);
  expect(ledger.blocker(one, false)).toBe(0);
  ledger.release(one);
  expect(ledger.blocker(one, false)).toBeUndefined();
});

test('an unlimited amount fits only where there is no limit, and is not counted', () => {
  const ledger = makeLedger(9, Infinity);
  expect(ledger.blocker(claim({ 0: Infinity }), false)).toBe(0);
  expect(ledger.impossible(claim({ 0: Infinity }))).toBe(0);
  const open = claim({ 1: Infinity });
  expect(ledger.blocker(open, false)).toBeUndefined();
  ledger.take(open);
  expect(ledger.used(1)).toBe(0);
  ledger.release(open);
  expect(ledger.used(1)).toBe(0);
});

test('what is reserved is free for its owner only; another reservation replaces it', () => {
  const ledger = makeLedger(4, 4);
  ledger.reserve(claim({ 0: 3 }));
  expect(ledger.blocker(claim({ 0: 1 }), false)).toBeUndefined();
  expect(ledger.blocker(claim({ 0: 2 }), false)).toBe(0);
  expect(ledger.blocker(claim({ 0: 3 }), true)).toBeUndefined();
  ledger.reserve(claim({ 1: 4 }));
  expect(ledger.blocker(claim({ 0: 4 }), false)).toBeUndefined();
  expect(ledger.blocker(claim({ 1: 1 }), false)).toBe(1);
  ledger.reserve(null);
  expect(ledger.blocker(claim({ 1: 4 }), false)).toBeUndefined();
});

test('impossible looks at the limit, not at what is in use', () => {
  const ledger = makeLedger(2);
  ledger.take(claim({ 0: 2 }));
  expect(ledger.impossible(claim({ 0: 2 }))).toBeUndefined();
  expect(ledger.impossible(claim({ 0: 3 }))).toBe(0);
});

test('whatever is taken and given back: never below zero, never above the limit, and it all comes back', () => {
  const amount = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(Infinity));
  const play = fc.array(fc.tuple(fc.boolean(), fc.tuple(amount, amount)), { maxLength: 60 });
  const limit = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.constant(Infinity));
  fc.assert(
    fc.property(fc.tuple(limit, limit), play, (limits, moves) => {
      const ledger = makeLedger(...limits);
      const taken: Claim[] = [];
      for (const [isTaking, [first, second]] of moves) {
        const wanted = claim({ 0: first, 1: second });
        if (!isTaking) {
          const last = taken.pop();
          if (last !== undefined) ledger.release(last);
        } else if (ledger.blocker(wanted, false) === undefined) {
          ledger.take(wanted);
          taken.push(wanted);
        }
        for (const i of [0, 1]) {
          expect(ledger.used(i)).toBeGreaterThanOrEqual(0);
          expect(ledger.used(i)).toBeLessThanOrEqual(ledger.limit(i));
        }
      }
      for (const last of taken) ledger.release(last);
      expect([ledger.used(0), ledger.used(1)]).toEqual([0, 0]);
    }),
    { seed: 20261124, numRuns: 500 },
  );
});
