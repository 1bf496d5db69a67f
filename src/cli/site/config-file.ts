// Reads the site's config file and checks its shape; what backends' options mean is theirs. Loaded only where there is one.
import { readFileSync } from 'node:fs';
import type { OptionValue } from '../../backends/batch/batch-settings.js';
import { HjsonFiles } from '../../flow/config/hjson-file.js';
import type { Origin } from '../../model/job-spec.js';
import { UserError, type Problem } from '../../model/problem.js';
import { suggestName } from '../../util/nearest.js';
import { isRecord } from '../../util/is-record.js';

/** Options of a backend by name. */
export type OptionValues = Readonly<Record<string, OptionValue>>;

/** What the config says of one backend. */
export interface BackendConfig {
  readonly options: OptionValues;
  /** Options that differ for jobs of a target. */
  readonly targets: Readonly<Record<string, OptionValues>>;
}

/** A config file that was read. */
export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  /** Backend of jobs that name none; null: it says nothing. */
  readonly backend: string | null;
  readonly plugins: readonly string[];
  readonly backends: Readonly<Record<string, BackendConfig>>;
  /** Where a key stands, by the names on the way to it. */
  readonly locate: (...path: readonly string[]) => Origin;
}

const KEYS = ['backend', 'plugins', 'backends'];

/** @throws UserError with everything that is wrong with its shape. */
export function readConfigFile(path: string): ConfigFile {
  const value: Readonly<Record<string, unknown>> = new HjsonFiles().read(path);
  const locate = (...keys: readonly string[]): Origin => locateKey(path, keys);
  const reader = new ConfigReader(locate);
  reader.checkKeys([], value, KEYS);
  const config = {
    path,
    backend: reader.readText(['backend'], value.backend),
    plugins: reader.readTexts(['plugins'], value.plugins ?? []),
    backends: reader.readBackends(value.backends ?? {}),
    locate,
  };
  if (reader.problems.length > 0) throw new UserError(reader.problems);
  return config;
}

/** Reads values, and notes what is wrong with them. */
class ConfigReader {
  readonly problems: Problem[] = [];
  readonly #locate: ConfigFile['locate'];

  constructor(locate: ConfigFile['locate']) {
    this.#locate = locate;
  }

  checkKeys(path: readonly string[], value: object, known: readonly string[]): void {
    for (const key of Object.keys(value).filter((one) => !known.includes(one))) {
      const hint = suggestName(key, known) ?? `known: ${known.join(', ')}`;
      this.#complain([...path, key], 'is not known', hint);
    }
  }

  readText(path: readonly string[], value: unknown): string | null {
    if (value === undefined || value === null) return null;
    if (typeof value === 'string' && value !== '') return value;
    this.#complain(path, `must be text, not ${kindOf(value)}`);
    return null;
  }

  readTexts(path: readonly string[], value: unknown): readonly string[] {
    const isList = Array.isArray(value) && value.every((one) => typeof one === 'string');
    if (isList) return value;
    this.#complain(path, 'must be a list of texts');
    return [];
  }

  readBackends(value: unknown): ConfigFile['backends'] {
    const backends = this.#readObject(['backends'], value);
    return mapValues(backends, (config, name) => {
      const { targets = {}, ...options } = this.#readObject(['backends', name], config);
      const path = ['backends', name, 'targets'];
      return {
        options: this.#readOptions(['backends', name], options),
        targets: mapValues(this.#readObject(path, targets), (some, target) =>
          this.#readOptions([...path, target], this.#readObject([...path, target], some)),
        ),
      };
    });
  }

  #readOptions(path: readonly string[], values: Readonly<Record<string, unknown>>): OptionValues {
    return mapValues(values, (value, name) => this.#readOption([...path, name], value));
  }

  /** An object stands for a list of `name=value`. */
  #readOption(path: readonly string[], value: unknown): OptionValue {
    const one = toText(value);
    if (one !== null) return one;
    if (isRecord(value)) {
      const entries = Object.entries(value).map(([name, text]) => [name, toText(text)] as const);
      if (entries.every(([, text]) => text !== null)) return entries.map(([name, text]) => `${name}=${text}`);
    } else if (Array.isArray(value)) {
      const texts = value.map(toText).filter((text) => text !== null);
      if (texts.length === value.length) return texts;
    }
    this.#complain(path, `must be text, a number, or a list of them, not ${kindOf(value)}`);
    return '';
  }

  #readObject(path: readonly string[], value: unknown): Readonly<Record<string, unknown>> {
    if (isRecord(value)) return value;
    this.#complain(path, `must hold names and values, not ${kindOf(value)}`);
    return {};
  }

  #complain(path: readonly string[], what: string, hint?: string): void {
    this.problems.push({
      code: 'bad-config',
      message: `${path.join('.')} ${what}`,
      origin: this.#locate(...path),
      hint,
    });
  }
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, key: string) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

function toText(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : isRecord(value) ? 'an object' : `${JSON.stringify(value)}`;
}

/** The line of a key, by those on the way to it; for messages only. */
function locateKey(file: string, keys: readonly string[]): Origin {
  const lines = readFileSync(file, 'utf8').split('\n');
  let at = 0;
  for (const key of keys) {
    const isHere = (line: string, i: number): boolean => i >= at && findKey(line, key) !== -1;
    const next = lines.findIndex(isHere);
    if (next === -1) break;
    at = next;
  }
  const column = findKey(lines[at] ?? '', keys.at(-1) ?? '');
  return column === -1 ? { file } : { file, line: at + 1, column: column + 1 };
}

/** Where a line has a key; -1: nowhere. */
function findKey(line: string, key: string): number {
  for (const word of [`"${key}"`, `'${key}'`, key]) {
    const at = line.indexOf(word);
    const before = at <= 0 ? '' : line.charAt(at - 1);
    if (at !== -1 && /^$|[\s{,]/.test(before) && /^\s*:/.test(line.slice(at + word.length))) return at;
  }
  return -1;
}
