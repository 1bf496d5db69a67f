// The program on the page about the library does what the page says.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { writeJobs } from '../support/command.js';
import { fromRepoRoot } from '../support/repo-root.js';
import { makeTempDir } from '../support/temp-dir.js';

const PAGE = readFileSync(fromRepoRoot('docs/reference/library.md'), 'utf8');
const { exports: parts } = JSON.parse(readFileSync(fromRepoRoot('package.json'), 'utf8')) as {
  exports: Record<string, string | { default: string }>;
};

it('runs the jobs of a list, builds first, and tells how they ended', async () => {
  const dir = makeTempDir();
  // One licence, which each takes: so what starts first is seen, whatever the system starts sooner.
  const resources = { vcs: 1 };
  writeJobs(dir, [
    { full_name: 'lint', cmd: 'true', weight: 5, resources },
    { full_name: 'build', target: 'build', cmd: 'true', resources },
    { full_name: 'seed_1', cmd: 'exit 3', deps: ['build'], resources },
  ]);
  const [, program = ''] = /^```ts\n(.*?)^```$/ms.exec(PAGE) ?? [];
  const here = program.replace(/'regatta(\/\w+)'/g, (_, path: string) => {
    const part = parts[`.${path}`];
    if (typeof part !== 'object') throw new Error(`the package has no regatta${path}`);
    return `'${pathToFileURL(fromRepoRoot(part.default)).href}'`;
  });
  writeFileSync(join(dir, 'program.mts'), here);
  const tsx = pathToFileURL(fromRepoRoot('node_modules/tsx/dist/esm/index.mjs')).href;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', tsx, 'program.mts'], {
    cwd: dir,
  });
  expect(stderr).toBe('');
  const lines = stdout.split('\n');
  expect(lines.indexOf('build running')).toBeLessThan(lines.indexOf('lint running'));
  expect(lines.slice(-5)).toEqual([
    '{ total: 3, passed: 2, failed: 1, killed: 0 }',
    'lint passed undefined',
    'build passed undefined',
    'seed_1 failed exit code 3',
    '',
  ]);
});

it('names every part of the package', () => {
  const paths = Object.keys(parts).filter((path) => /^\.\/\w+$/.test(path));
  expect(paths.filter((path) => !PAGE.includes(`\`regatta${path.slice(1)}\``))).toEqual([]);
});
