// Starts the thread that reads logs, from the built package or from its sources. Knows nothing of what it does.
import { Worker } from 'node:worker_threads';
import type { Heartbeat } from './protocol.js';

/** Starts the thread; its code lies beside this file. */
export function startWorker(workerData: Heartbeat): Worker {
  const isBuilt = import.meta.url.endsWith('.js');
  if (isBuilt) return new Worker(new URL('./worker.js', import.meta.url), { workerData });
  // In a thread, tsx does not load TypeScript by `--import tsx`, only when it is asked to from within.
  const entry = JSON.stringify(new URL('./worker.ts', import.meta.url).href);
  const loader = `import('tsx/esm/api').then(({ register }) => { register(); return import(${entry}); });`;
  return new Worker(loader, { eval: true, workerData });
}
