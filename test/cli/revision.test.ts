// Asks a real git for revisions: clean, dirty, detached, and where there is none.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readRevision } from '../../src/cli/revision.js';
import { needs } from '../support/needs.js';
import { makeTempDir } from '../support/temp-dir.js';

const withGit = needs('git');

/** A repository with one commit; `git` runs in it. */
function makeRepository(): { readonly path: string; readonly git: (...argv: readonly string[]) => string } {
  const path = makeTempDir();
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'init.defaultBranch=trunk'];
  const git = (...argv: readonly string[]): string =>
    execFileSync('git', [...who, '-C', path, ...argv], { encoding: 'utf8', stdio: 'pipe' }).trim();
  git('init');
  mkdirSync(join(path, 'dv'));
  writeFileSync(join(path, 'dv/cfg'), 'one');
  git('add', '.');
  git('commit', '-m', 'one');
  return { path, git };
}

withGit.describe('readRevision', () => {
  withGit.it(
    'tells commit and branch, from any folder of the tree; files that git does not track change nothing',
    async () => {
      const { path, git } = makeRepository();
      writeFileSync(join(path, 'scratch.log'), 'x');
      const revision = { commit: git('rev-parse', 'HEAD'), branch: 'trunk', dirty: false };
      expect(await readRevision(join(path, 'dv'))).toEqual(revision);
    },
  );

  withGit.it('tells that a file was changed, and that no branch is checked out', async () => {
    const { path, git } = makeRepository();
    git('checkout', '--detach');
    writeFileSync(join(path, 'dv/cfg'), 'two');
    expect(await readRevision(path)).toMatchObject({ branch: null, dirty: true });
  });

  withGit.it('knows nothing without a commit, and outside a repository', async () => {
    const { path, git } = makeRepository();
    git('update-ref', '-d', 'HEAD');
    expect(await readRevision(path)).toBeNull();
    expect(await readRevision('/')).toBeNull();
    expect(await readRevision('/nowhere')).toBeNull();
  });
});
