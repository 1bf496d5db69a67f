// Draws who depends on whom, in the shapes that real runs have. Knows nothing of what the jobs are.
import type { RandomStream } from '../../util/random.js';
import { drawInt, pick } from './draw.js';

/** Jobs that one job depends on; always earlier ones. */
type Shape = (job: number, size: number, random: RandomStream) => readonly number[];

const independent: Shape = () => [];

const chain: Shape = (job) => (job === 0 ? [] : [job - 1]);

/** A few builds, runs on them, and a merge of all the runs at the end. */
const buildsAndRuns: Shape = (job, size, random) => {
  const builds = Math.min(3, size);
  if (job < builds) return [];
  if (job === size - 1) return range(builds, job);
  return [drawInt(random, 0, builds - 1)];
};

/** Layers of four; each job depends on some of the layer before. */
const layered: Shape = (job, _, random) => {
  const layer = Math.floor(job / 4);
  return layer === 0 ? [] : range(4 * (layer - 1), 4 * layer).filter(() => random() < 0.6);
};

/** One, then two after it, then one after both, and so on. */
const diamonds: Shape = (job) => {
  if (job === 0) return [];
  return job % 3 === 0 ? [job - 2, job - 1] : [job - (job % 3)];
};

const tangle: Shape = (job, _, random) =>
  job === 0 ? [] : Array.from({ length: drawInt(random, 0, 3) }, () => drawInt(random, 0, job - 1));

const SHAPES = [independent, chain, buildsAndRuns, layered, diamonds, tangle];

/** For each of `size` jobs the jobs it depends on, each once. */
export function drawDependencies(random: RandomStream, size: number): number[][] {
  const shape = pick(random, SHAPES);
  return range(0, size).map((job) => [...new Set(shape(job, size, random))]);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
