// Reads the template of the HTML report, which the build has made. Knows nothing of what goes into it.
import { readFileSync } from 'node:fs';

/**
 * The template. It lies in `dist`, two folders up both from `src/cli` and from `dist/cli`.
 * @throws Error when it is not there: the installation is damaged.
 */
export function readPageTemplate(): string {
  return readFileSync(new URL('../../dist/reports/page.html', import.meta.url), 'utf8');
}
