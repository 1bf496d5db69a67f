// Sees to it before a run that what it is told to leave can be written: the night would be over before anybody was told.
import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError, type Problem } from '../model/problem.js';
import { systemWordsOf } from '../util/message-of.js';
import type { RunOptions } from './run-options.js';

type OutputFiles = Pick<RunOptions, 'resultsFile' | 'junitFile' | 'prometheusFile'>;

/**
 * Makes the folders of the files that `--results` and its kin name.
 * @throws UserError for each file that cannot be made there.
 */
export async function prepareOutputs({ resultsFile, junitFile, prometheusFile }: OutputFiles): Promise<void> {
  const files = [
    ['--results', resultsFile],
    ['--junit', junitFile],
    ['--prometheus', prometheusFile],
  ] as const;
  const problems: Problem[] = [];
  for (const [option, file] of files) {
    const trouble = file === null || file === '-' ? null : await findTrouble(file);
    if (trouble === null) continue;
    const message = `${option} ${JSON.stringify(file)} cannot be written: ${trouble}`;
    problems.push({ code: 'unwritable-output', message, hint: 'name another place' });
  }
  if (problems.length > 0) throw new UserError(problems);
}

async function findTrouble(file: string): Promise<string | null> {
  try {
    const stats = await stat(file).catch(() => null);
    if (stats?.isDirectory() === true) return 'it is a directory';
    // What is no regular file, such as a pipe, is written to where it is.
    if (stats !== null && !stats.isFile()) return null;
    await mkdir(dirname(file), { recursive: true });
    await access(dirname(file), constants.W_OK);
    return null;
  } catch (error) {
    return systemWordsOf(error);
  }
}
