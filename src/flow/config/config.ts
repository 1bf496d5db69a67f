// The keys of one config while it is put together, and where each came from. Knows the merge rules, not the keys.
import { UserError } from '../../model/index.js';
import { isList, kindOf, sameValue, showValue, type ConfigValue } from './value.js';

/** Keys and values of one config, in the order they were first set. */
export class Config {
  readonly values: Map<string, ConfigValue>;
  /** Per key, the files that gave it a value or items, in order, with what each gave. */
  readonly #sources = new Map<string, { file: string; value: ConfigValue }[]>();

  /** @param defaults - Values that stand until a file sets them. */
  constructor(defaults: Iterable<readonly [string, ConfigValue]> = []) {
    this.values = new Map(defaults);
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

  /**
   * File that set a key, or undefined for a default or a command line option.
   *
   * @param mention - Of several files that gave items to a list, the one whose items have this text.
   */
  sourceOf(key: string, mention?: string): string | undefined {
    const sources = this.#sources.get(key) ?? [];
    const mentions = ({ value }: { value: ConfigValue }): boolean =>
      mention !== undefined && JSON.stringify(value).includes(mention);
    return (sources.find(mentions) ?? sources[0])?.file;
  }

  /** Merges all that another config has, as what the files gave it. */
  mergeAll(other: Config, file: string, onProblem: (error: UserError) => void): void {
    for (const [key, value] of other.values) {
      const sources = other.#sources.get(key) ?? [{ file, value }];
      try {
        this.merge(key, value, sources[0]?.file ?? file);
        if (isList(value)) this.#sources.set(key, [...sources]);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        onProblem(error);
      }
    }
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
      this.#sources.set(key, [{ file, value }]);
      return;
    }
    const merged = mergeValues(old, value);
    if (merged === undefined) throw this.#conflict(key, { old, value, file });
    if (merged === old) return;
    this.values.set(key, merged);
    if (isList(old)) this.#addSource(key, { file, value });
    else this.#sources.set(key, [{ file, value }]);
  }

  #addSource(key: string, source: { file: string; value: ConfigValue }): void {
    const sources = this.#sources.get(key);
    if (sources === undefined) this.#sources.set(key, [source]);
    else sources.push(source);
  }

  #conflict(key: string, clash: { old: ConfigValue; value: ConfigValue; file: string }): UserError {
    const { old, value, file } = clash;
    const source = this.sourceOf(key) ?? 'the command line or a built-in default';
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
