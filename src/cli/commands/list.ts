// `regatta list`: shows what can be run. Runs nothing and writes nothing.
import { readFlowOptions, type RawOptions } from '../../flow/options/read-options.js';
import { LIST_CATEGORIES, type FlowOptions, type ListCategory } from '../../flow/options/options.js';
import { escapeControls, UserError } from '../../model/problem.js';
import { suggestName } from '../../util/nearest.js';
import { ExitCode } from '../exit-codes.js';
import { inputKind, loadInput } from '../load-input.js';
import type { CliStreams } from '../main.js';
import { formatProblems } from '../show-problems.js';

/**
 * Lists what INPUT offers: of a flow config the names in each category (all, or those given after INPUT), of a job list the
 * jobs of each target.
 *
 * @param words - INPUT, then categories.
 * @throws UserError for an input that cannot be read and for unknown categories.
 */
export async function listCommand(
  words: readonly string[],
  raw: RawOptions,
  streams: CliStreams,
): Promise<ExitCode> {
  const [input = '', ...categories] = words;
  const options = readFlowOptions(raw);
  const sections =
    inputKind(input) === 'flow'
      ? await listFlow(input, readCategories(categories), { options, streams })
      : await listJobs(input, categories, options);
  for (const [title, names] of sections) {
    streams.stdout.write(`${escapeControls(title)}:\n`);
    for (const name of names) streams.stdout.write(`  ${escapeControls(name)}\n`);
  }
  return ExitCode.OK;
}

function readCategories(words: readonly string[]): readonly ListCategory[] {
  const isCategory = (word: string): word is ListCategory =>
    (LIST_CATEGORIES as readonly string[]).includes(word);
  const unknown = words.filter((word) => !isCategory(word));
  if (unknown.length > 0) {
    throw new UserError(
      unknown.map((word) => ({
        code: 'unknown-category',
        message: `there is no category ${JSON.stringify(word)}`,
        hint: suggestName(word, LIST_CATEGORIES) ?? `categories: ${LIST_CATEGORIES.join(', ')}`,
      })),
    );
  }
  return words.length === 0 ? LIST_CATEGORIES : words.filter(isCategory);
}

async function listFlow(
  input: string,
  categories: readonly ListCategory[],
  { options, streams }: { readonly options: FlowOptions; readonly streams: CliStreams },
): Promise<[string, readonly string[]][]> {
  const { loadCatalogue } = await import('../../flow/load-flow.js');
  const { blocks, warnings } = await loadCatalogue(input, options);
  streams.stderr.write(formatProblems('warning', warnings));
  return blocks.flatMap(({ title, catalogue }) =>
    categories.map((category): [string, readonly string[]] => [
      blocks.length === 1 ? category : `${title} ${category}`,
      catalogue[category],
    ]),
  );
}

async function listJobs(
  input: string,
  categories: readonly string[],
  options: FlowOptions,
): Promise<[string, readonly string[]][]> {
  if (categories.length > 0) {
    throw new UserError({
      code: 'unknown-category',
      message: 'a job list has no categories: all its jobs are listed',
      hint: 'leave out what follows INPUT',
    });
  }
  const { source } = await loadInput(input, options, {});
  const byTarget = new Map<string, string[]>();
  for (const { target, fullName } of source.jobs) {
    const names = byTarget.get(target);
    if (names === undefined) byTarget.set(target, [fullName]);
    else names.push(fullName);
  }
  return [...byTarget];
}
