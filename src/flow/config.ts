// The keys of one config while it is put together, and where each came from. Knows the merge rules, not the keys.
import { UserError } from '../model/index.js';
import { isList, kindOf, sameValue, showValue, type ConfigValue } from './value.js';

/** Keys and values of one config, in the order they were first set. */
export class Config {
  readonly values: Map<string, ConfigValue>;
  readonly #sources: Map<string, string>;

  /** @param defaults - Values that stand until a file sets them. */
  constructor(defaults: Iterable<readonly [string, ConfigValue]> = []) {
    this.values = new Map(defaults);
    this.#sources = new Map();
  }

  /** The value of a key; undefined when it is unset or null. */
  get(key: string): ConfigValue | undefined {
    return this.values.get(key) ?? undefined;
  }

  /** The text of a key; empty when it is unset or something else. */
  text(key: string): string {
    const value = this.values.get(key);
    return typeof value === 'string' ? value : '';
  }

  /** The list of a key; empty when it is unset or something else. */
  list(key: string): readonly ConfigValue[] {
    const value = this.values.get(key);
    return isList(value) ? value : [];
  }

  /** Sets a key, whatever it held. */
  set(key: string, value: ConfigValue): void {
    this.values.set(key, value);
  }

  /** File that first set a key, or undefined for a default or a command line option. */
  sourceOf(key: string): string | undefined {
    return this.#sources.get(key);
  }

  /**
   * Merges a value into a key: an unset key takes it, a list is appended, of two different scalars the one that is
   * not a default (empty text, 0, -1, false) wins.
   *
   * @param file - Where the value comes from.
   * @throws UserError `config-conflict` when both scalars are set and differ, or their kinds do.
   */
  merge(key: string, value: ConfigValue, file: string): void {
    const old = this.get(key);
    if (old === undefined) {
      this.values.set(key, value);
      this.#sources.set(key, file);
      return;
    }
    const merged = mergeValues(old, value);
    if (merged === undefined) throw this.#conflict(key, { old, value, file });
    if (merged === old) return;
    this.values.set(key, merged);
    // A list keeps its first file; a scalar belongs to the file that gave its value.
    if (!isList(old) || !this.#sources.has(key)) this.#sources.set(key, file);
  }

  #conflict(key: string, clash: { old: ConfigValue; value: ConfigValue; file: string }): UserError {
    const { old, value, file } = clash;
    const source = this.#sources.get(key) ?? 'the command line or a built-in default';
    const kinds = kindOf(old) === kindOf(value) ? '' : ` (a ${kindOf(value)} against a ${kindOf(old)})`;
    return new UserError({
      code: 'config-conflict',
      message: `key "${key}" is ${showValue(value)} here, but ${showValue(old)} in ${source}${kinds}`,
      origin: { file },
      hint: `use "overrides" to replace a value`,
    });
  }
}

/** The merged value; undefined when the two conflict. */
function mergeValues(old: ConfigValue, value: ConfigValue): ConfigValue | undefined {
  if (isList(old)) return isList(value) ? [...old, ...value] : undefined;
  if (!areMergeable(old, value)) return undefined;
  if (sameValue(old, value) || isDefault(value)) return old;
  return isDefault(old) ? value : undefined;
}

function areMergeable(old: ConfigValue, value: ConfigValue): boolean {
  if (typeof value === 'string') return typeof old === 'string';
  const isNumeric = (it: ConfigValue): boolean => typeof it === 'number' || typeof it === 'boolean';
  return isNumeric(value) && isNumeric(old);
}

function isDefault(value: ConfigValue): boolean {
  return value === '' || value === 0 || value === -1 || value === false;
}
