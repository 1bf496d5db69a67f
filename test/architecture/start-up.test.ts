// What `regatta run` loads before it runs anything: libraries that are slow to load, or many files, are loaded only when they are used;
// and the file that starts it is one that every Node can read.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Script } from 'node:vm';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { fromRepoRoot } from '../support/repo-root.js';

/** What every run needs: the summary's colours and table. */
const LOADED = ['cli-table3', 'picocolors'];

/** Packages that a module imports when it is loaded, itself or through modules of ours. */
function packagesOf(entry: string): Set<string> {
  const packages = new Set<string>();
  const modules = new Set([entry]);
  // Grows while it is walked: a Set's iteration reaches what is added on the way.
  for (const path of modules) {
    const { outputText } = ts.transpileModule(readFileSync(path, 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        verbatimModuleSyntax: true,
      },
    });
    const file = ts.createSourceFile(path, outputText, ts.ScriptTarget.ES2022);
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
      const { moduleSpecifier } = statement;
      if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) continue;
      const name = moduleSpecifier.text;
      if (name.startsWith('.')) modules.add(resolve(dirname(path), name.replace(/\.js$/, '.ts')));
      else if (!name.startsWith('node:')) packages.add(name);
    }
  }
  expect([...modules].filter((path) => !existsSync(path))).toEqual([]);
  return packages;
}

it('a run starts without what only some runs need', () => {
  const packages = packagesOf(fromRepoRoot('src/cli/commands/run.ts'));
  expect([...packages].filter((name) => !LOADED.includes(name))).toEqual([]);
});

describe('bin/regatta', () => {
  const path = fromRepoRoot('bin/regatta');

  it('is CommonJS: Node before 20.10 loads no module without an extension', () => {
    expect(JSON.parse(readFileSync(fromRepoRoot('bin/package.json'), 'utf8'))).toEqual({ type: 'commonjs' });
    expect(() => new Script(readFileSync(path, 'utf8').replace(/^#!.*/, ''))).not.toThrow();
  });

  it('says so where Node is too old', () => {
    const older =
      "data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '18.20.8' })";
    const { status, stderr } = spawnSync(process.execPath, ['--import', older, path], { encoding: 'utf8' });
    expect(stderr).toBe(`regatta: needs Node.js 20 or newer; this is 18.20.8 (${process.execPath})\n`);
    expect(status).toBe(2);
  });
});
