// Plants bugs in the core, one at a time, and tells at which seed the simulator finds each: `npm run plant-bugs [-- WORDS ...]`,
// where WORDS are part of the rules whose bugs are wanted.
// Works on a copy of src/; exits with 1 when a bug is not found or its place in the code is gone.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUGS, type Bug } from './planted-bugs.js';

/** Seeds tried before a bug counts as not found. */
const MAX_SEEDS = 20_000;

const root = fileURLToPath(new URL('..', import.meta.url));

const HUNT = `
import { simulate } from './src/testing/index.js';
for (let seed = 1; seed <= ${MAX_SEEDS}; seed++) {
  try { simulate(seed); } catch (error) {
    console.log(JSON.stringify({ seed, message: String(error.message).split('\\n')[0] }));
    break;
  }
}`;

function hunt(bug: Bug | null): { readonly seed: number; readonly message: string } | undefined {
  const copy = mkdtempSync(join(tmpdir(), 'regatta-bug-'));
  try {
    cpSync(join(root, 'src'), join(copy, 'src'), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    writeFileSync(join(copy, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(copy, 'hunt.ts'), HUNT);
    if (bug !== null) plant(bug, join(copy, 'src', bug.file));
    const output = execFileSync(process.execPath, ['--import', 'tsx', 'hunt.ts'], {
      cwd: copy,
      encoding: 'utf8',
    });
    return output === '' ? undefined : (JSON.parse(output) as { seed: number; message: string });
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function plant({ rule, from, to }: Bug, path: string): void {
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2)
    throw new Error(`the place of the bug against "${rule}" is not once in ${path}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
}

const wanted = process.argv.slice(2);
const isWanted = ({ rule }: Bug): boolean =>
  wanted.length === 0 || wanted.some((words) => rule.includes(words));

let missed = 0;
process.stdout.write('| rule broken | seed | found as |\n|---|---|---|\n');
for (const bug of BUGS.filter(isWanted)) {
  const found = hunt(bug);
  if (found === undefined) missed++;
  const message = found?.message.replace(/^seed \d+, /, '') ?? '';
  process.stdout.write(`| ${bug.rule} | ${found?.seed ?? 'not found'} | ${message} |\n`);
}
process.exitCode = missed > 0 ? 1 : 0;
