// Holds the sources to the layer and purity rules, and the judge of them to planted violations.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fromRepoRoot } from '../support/repo-root.js';
import { allowedImports, findViolations } from './layer-rules.js';

const sources = readdirSync(fromRepoRoot('src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => `src/${path}`);

describe('the sources', () => {
  test('keep the layer and purity rules', () => {
    expect(sources).toContain('src/cli/main.ts');
    expect(sources.flatMap((path) => findViolations(path, readFileSync(fromRepoRoot(path), 'utf8')))).toEqual(
      [],
    );
  });

  test('lie in known layers', () => {
    const layers = new Set(
      sources.filter((path) => path !== 'src/index.ts').map((path) => path.split('/')[1]),
    );
    expect([...layers].filter((layer) => layer !== 'cli' && !(String(layer) in allowedImports))).toEqual([]);
  });
});

describe('findViolations on imports', () => {
  test.each([
    ['src/core/step.ts', `import { run } from '../driver/run.js';`, 'core must not import driver'],
    ['src/model/job.ts', `import type { Graph } from '../graph/graph.js';`, 'model must not import graph'],
    ['src/util/heap.ts', `export * from '../model/job.js';`, 'util must not import model'],
    [
      'src/driver/run.ts',
      `const local = await import('../backends/index.js');`,
      'driver must not import backends',
    ],
    ['src/flow/hjson.ts', `import { step } from '../core/step.js';`, 'flow must not import core'],
    ['src/reports/html.ts', `import '../cli/main.js';`, 'reports must not import cli'],
    ['src/results/scan.ts', `import '../index.js';`, 'results must not import index'],
    ['src/index.ts', `export { main } from './cli/main.js';`, 'index must not import cli'],
    ['src/cli/main.ts', `import '../../test/support/needs.js';`, 'cli must not import outside'],
    ['src/core/step.ts', `import { join } from 'node:path';`, 'imports node:path in a pure layer'],
  ])('%s with %s', (path, text, what) => {
    expect(findViolations(path, text)).toEqual([`${path}: ${what}`]);
  });

  test.each([
    ['src/core/step.ts', `import { Ledger } from '../resources/ledger.js';`],
    ['src/reports/html.ts', `import type { Job } from '../model/job.js';`],
    ['src/reports/nested/page.ts', `import { row } from '../rows.js';`],
    ['src/cli/compose.ts', `import { local } from '../backends/index.js';`],
    ['src/journal/file.ts', `import { open } from 'node:fs/promises';`],
    ['src/index.ts', `export * from './driver/index.js';`],
  ])('allows %s with %s', (path, text) => {
    expect(findViolations(path, text)).toEqual([]);
  });
});

describe('findViolations on purity', () => {
  test.each([
    ['const now = Date.now();', 'names Date in a pure layer'],
    ['const die = Math.random();', 'names Math.random in a pure layer'],
    ['setTimeout(() => undefined, 1);', 'names setTimeout in a pure layer'],
    ['export function f(later: Promise<void>): void {}', 'names Promise in a pure layer'],
    ['export const f = async () => 1;', 'is async in a pure layer'],
  ])('core with %s', (text, what) => {
    expect(findViolations('src/core/step.ts', text)).toEqual([`src/core/step.ts: ${what}`]);
  });

  test('lets the model speak of promises, for the contracts it holds, but not of time', () => {
    expect(findViolations('src/model/backend.ts', 'export type Stop = () => Promise<void>;')).toEqual([]);
    expect(findViolations('src/model/backend.ts', 'export const at = new Date();')).toHaveLength(1);
  });

  test('takes a member or a comment for what it is', () => {
    const text = '// Date and Promise\nexport interface Load { readonly process: number }\nload.process;';
    expect(findViolations('src/core/load.ts', text)).toEqual([]);
  });

  test('leaves the acting layers alone', () => {
    expect(findViolations('src/driver/clock.ts', 'export const now = async () => Date.now();')).toEqual([]);
  });
});
