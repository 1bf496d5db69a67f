// Reads and parses Hjson files, each once. Knows nothing of what they mean.
import { readFileSync } from 'node:fs';
import Hjson from 'hjson';
import { UserError, type Origin } from '../../model/index.js';
import { isDict, kindOf, type ConfigDict, type ConfigValue } from './value.js';
import { messageOf } from '../../util/message-of.js';

/** Parsed files by path. One load uses one of these, so that a file shared by many configs is parsed once. */
export class HjsonFiles {
  readonly #parsed = new Map<string, ConfigDict>();

  /**
   * The object a file holds.
   *
   * @param path - Absolute path.
   * @param wantedBy - What names the file: `import_cfgs of /a/b.hjson`. Part of the message when it is missing.
   * @throws UserError `missing-file`, `unreadable-file`, `hjson-syntax` (with line and column) or `not-a-dict`.
   */
  read(path: string, wantedBy?: string): ConfigDict {
    const known = this.#parsed.get(path);
    if (known !== undefined) return known;
    const value = parseHjson(readText(path, wantedBy), path);
    if (!isDict(value)) {
      throw new UserError({
        code: 'not-a-dict',
        message: `the file holds a ${kindOf(value)}, not key: value pairs`,
        origin: { file: path },
      });
    }
    this.#parsed.set(path, value);
    return value;
  }
}

function readText(path: string, wantedBy: string | undefined): string {
  try {
    // Windows editors begin a file with a byte order mark, which the parser would take for the beginning of a key.
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    const message = missing ? 'no such file' : `cannot be read: ${code ?? String(error)}`;
    throw new UserError(
      {
        code: missing ? 'missing-file' : 'unreadable-file',
        message: wantedBy === undefined ? message : `${message}; named by ${wantedBy}`,
        origin: { file: path },
      },
      { cause: error },
    );
  }
}

function parseHjson(text: string, path: string): ConfigValue {
  try {
    return Hjson.parse(text) as ConfigValue;
  } catch (error) {
    const { message, ...place } = splitParserMessage(messageOf(error), text);
    throw new UserError(
      { code: 'hjson-syntax', message, origin: { file: path, ...place }, hint: hintOn(message) },
      { cause: error },
    );
  }
}

/** The parser's message has the form `WHAT at line L,C >>>SOURCE ...`; column 0 is the line end before line L. */
function splitParserMessage(said: string, text: string): { message: string } & Partial<Origin> {
  const match = /^([\s\S]*?) at line (\d+),(\d+) >>>/.exec(said);
  if (match === null) return { message: said };
  const [, what = said, line, column] = match;
  const place = { line: Number(line), column: Number(column) };
  if (place.column > 0) return { message: lowerFirst(what), ...place };
  const before = text.split('\n')[place.line - 2] ?? '';
  return { message: lowerFirst(what), line: place.line - 1, column: before.length + 1 };
}

/** Why an end is missing that is there for the eye. */
function hintOn(message: string): string | undefined {
  if (!message.startsWith('end of input while parsing an')) return undefined;
  return 'a text without quotes goes on to the end of its line, brackets and commas included';
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
