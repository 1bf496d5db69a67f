// Compiles src/ to dist/ before the tests, for those that run the real command. Knows no test.
import { execFileSync } from 'node:child_process';
import { fromRepoRoot } from './repo-root.js';

export default function buildOnce(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: fromRepoRoot('.'), stdio: 'inherit' });
}
