// Where the seeds of runs come from: the user's list, a fixed seed, or chance. Knows no test.
import { createHash, randomBytes } from 'node:crypto';
import { UserError } from '../../model/index.js';
import type { FlowOptions } from '../options/options.js';

/** Hands out seeds, as decimal digits, in the order they are asked for. */
export interface SeedSource {
  /** The seed of the next run. */
  readonly next: () => string;
  /** A seed for randomised builds. */
  readonly forBuilds: string;
  /** @throws UserError `seeds-ran-out` when more seeds were asked for than the user gave. */
  readonly checkEnough: () => void;
}

/**
 * Seeds of a load. The list of `--seeds` comes first, then the fixed seed; chance decides only where neither is
 * given.
 *
 * @param entropy - Text that random seeds are derived from; without it, they differ from load to load.
 */
export function makeSeedSource(
  options: Pick<FlowOptions, 'seeds' | 'fixedSeed'>,
  entropy?: string,
): SeedSource {
  const random = randomSeeds(entropy ?? randomBytes(16).toString('hex'));
  const given = options.seeds ?? [];
  const forBuilds = random();
  let asked = 0;
  const next = (): string => {
    const seed = given[asked++];
    if (seed !== undefined) return seed;
    return options.fixedSeed ?? random();
  };
  const checkEnough = (): void => {
    if (given.length === 0 || options.fixedSeed !== undefined || asked <= given.length) return;
    throw new UserError({
      code: 'seeds-ran-out',
      message: `--seeds gives ${count(given.length, 'seed')}, but there are ${count(asked, 'run')}`,
      hint: 'give a seed for each run, or --fixed-seed for the rest',
    });
  };
  return { next, forBuilds, checkEnough };
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/**
 * Endless 32-bit seeds derived from a text. 32 bits, because no simulator takes more: `{seed}` and `{svseed}` of a
 * random run are the same number.
 */
function randomSeeds(entropy: string): () => string {
  let block = Buffer.alloc(0);
  let blocks = 0;
  let used = 0;
  return () => {
    if (used >= block.length) {
      block = createHash('sha256').update(`${entropy}\0${blocks++}`).digest();
      used = 0;
    }
    const seed = block.readUInt32LE(used);
    used += 4;
    return String(seed);
  };
}
