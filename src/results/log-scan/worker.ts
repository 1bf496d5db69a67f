// The thread that reads logs: answers each request in turn, and beats while it matches. Knows nothing of who asks.
import { parentPort, workerData } from 'node:worker_threads';
import type { Heartbeat, ScanRequest } from './protocol.js';
import { scanLog } from './scan-log.js';

const { beats } = workerData as Heartbeat;
const beat = (): void => void Atomics.add(beats, 0, 1);

parentPort?.on('message', (request: ScanRequest) => {
  parentPort?.postMessage(scanLog(request, { beat }));
});
