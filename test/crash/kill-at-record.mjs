// Loaded before the command (node --import) to kill its process at one record of the journal: `?record=N` when the N-th that this process
// writes is whole, and nothing after it; `?record=N&share=0.4` when about so much of it is written. The product knows nothing of it.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import process from 'node:process';

const NEWLINE = 0x0a;
const query = new URL(import.meta.url).searchParams;
const record = Number(query.get('record'));
const share = query.has('share') ? Number(query.get('share')) : null;
const { openSync, writeSync } = fs;

let journal = -1;
let seen = 0;

fs.openSync = (path, flags, ...rest) => {
  const file = openSync(path, flags, ...rest);
  const isJournal = flags !== 'r' && String(path).endsWith('/journal.jsonl');
  if (isJournal) journal = file;
  else if (journal === file) journal = -1;
  return file;
};

fs.writeSync = (file, data, offset = 0, ...rest) => {
  if (file !== journal) return writeSync(file, data, offset, ...rest);
  for (
    let from = offset, at = data.indexOf(NEWLINE, from);
    at !== -1;
    from = at + 1, at = data.indexOf(NEWLINE, from)
  ) {
    if (++seen < record) continue;
    const end = share === null ? at + 1 : from + 1 + Math.floor(share * (at - from - 1));
    writeSync(file, data, offset, end - offset);
    process.kill(process.pid, 'SIGKILL');
  }
  return writeSync(file, data, offset, ...rest);
};

syncBuiltinESMExports();
