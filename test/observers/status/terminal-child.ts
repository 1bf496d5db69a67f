// Program for terminal.test.ts: a status display on a real terminal, told what to do over a socket.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { RunEvent } from '../../../src/model/run-event.js';
import { createStatusDisplay } from '../../../src/observers/status/create-display.js';

/** One line of the socket, as JSON. Each is answered by a line when it is done. */
export type Order =
  | { readonly kind: 'event'; readonly event: RunEvent }
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'close' }
  | { readonly kind: 'throw' };

const socket = connect(process.argv[2] ?? '');
// Time on the display stands still unless an event moves it, so that the screen can be compared.
let nowMs = 0;
const display = createStatusDisplay({ mode: 'auto', printIntervalMs: 1000, runNow: () => nowMs });

async function obey(order: Order): Promise<void> {
  switch (order.kind) {
    case 'event':
      nowMs = order.event.atMs;
      await display.notify(order.event);
      break;
    case 'print':
      display.printLine(order.text);
      break;
    case 'close':
      await display.close();
      socket.end();
      break;
    case 'throw':
      setImmediate(() => {
        throw new Error('as told');
      });
  }
}

for await (const line of createInterface({ input: socket })) {
  await obey(JSON.parse(line) as Order);
  if (socket.writable) socket.write('done\n');
}
