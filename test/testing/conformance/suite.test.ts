// Tests of the conformance suite itself: a good backend passes it, and no check is blind to what it is there for.
import { describe, expect, test } from 'vitest';
import { appliesTo, BACKEND_CHECKS, ContractBroken } from '../../../src/testing/conformance/index.js';
import { FLAWS } from './flaws.js';
import { makeReferenceHarness, ReferenceBackend } from './reference-backend.js';

describe('a backend that conforms', () => {
  test.each(BACKEND_CHECKS)('passes: $name', async (check) => {
    const left: number[] = [];
    const harness = makeReferenceHarness((killGraceMs) => {
      const backend = new ReferenceBackend(killGraceMs);
      left.push(backend.running.size);
      return backend;
    });
    await check.run(harness);
    expect(left).toEqual([0]);
  });
});

describe('a backend that', () => {
  test.each(FLAWS)('$name is found out by: $check', async ({ name, check: checkName, says, spoil }) => {
    const check = BACKEND_CHECKS.find((one) => one.name === checkName);
    const harness = makeReferenceHarness(
      (killGraceMs) => {
        const good = new ReferenceBackend(killGraceMs);
        const { open, submit, adopt, kill, close } = good;
        return { name: 'broken', open, submit, adopt, kill, close, ...spoil(good) };
      },
      {
        timeoutMs: 500,
        largeBatch: 200,
        findLeftovers: () => (name === 'leaves something behind' ? ['a process', 'a timer'] : []),
      },
    );
    await expect(check?.run(harness)).rejects.toThrow(says);
  });

  test('conforms in all but one thing exists for every check', () => {
    const covered = new Set(FLAWS.map(({ check }) => check));
    expect(BACKEND_CHECKS.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual([]);
  });
});

describe('a check', () => {
  test('applies only where there are the jobs it needs', () => {
    const harness = { jobs: { succeeds: () => ({ spec: {} as never }) } };
    const names = BACKEND_CHECKS.filter((check) => appliesTo(check, harness)).map(({ name }) => name);
    expect(names).toContain('every end is reported once');
    expect(names).toContain('an empty batch is answered by nothing');
    expect(names).not.toContain('a kill ends a running job');
  });

  test('says all that is wrong, up to five things', async () => {
    const check = BACKEND_CHECKS.find(({ name }) => name === 'every end is reported once');
    const harness = makeReferenceHarness((killGraceMs) => {
      const good = new ReferenceBackend(killGraceMs);
      const { open, submit, adopt, kill, close } = good;
      const openTwice: typeof open = (sink) =>
        open({
          ...sink,
          ended: (reports) => {
            sink.ended([...reports, ...reports]);
          },
        });
      return { name: 'broken', open: openTwice, submit, adopt, kill, close };
    });
    const error: unknown = await check?.run(harness).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ContractBroken);
    expect((error as Error).message.split('\n')).toEqual([
      'job 0, attempt 1 was reported ended 2 times',
      'job 1, attempt 1 was reported ended 2 times',
      'job 2, attempt 1 was reported ended 2 times',
      'job 3, attempt 1 was reported ended 2 times',
      'job 4, attempt 1 was reported ended 2 times',
      'and 15 more',
    ]);
  });
});
