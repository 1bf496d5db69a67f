// The values an Hjson file can hold and how they read as text. Knows no key and no flow.

/** A value of a parsed Hjson file. */
export type ConfigValue = string | number | boolean | null | readonly ConfigValue[] | ConfigDict;

/** An object of a parsed Hjson file. Read it with {@link entriesOf}, never by inherited keys. */
export interface ConfigDict {
  readonly [key: string]: ConfigValue;
}

/** The names of the kinds of value, as messages use them. */
export type ValueKind = 'text' | 'number' | 'boolean' | 'null' | 'list' | 'dict';

/** The kind of a value, in the words of messages. */
export function kindOf(value: ConfigValue): ValueKind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return 'dict';
  }
}

/** Whether a value is a list. */
export function isList(value: ConfigValue | undefined): value is readonly ConfigValue[] {
  return Array.isArray(value);
}

/** Whether a value is an object. */
export function isDict(value: ConfigValue | undefined): value is ConfigDict {
  return value !== undefined && kindOf(value) === 'dict';
}

/** The own entries of an object, in declaration order. */
export function entriesOf(dict: ConfigDict): [string, ConfigValue][] {
  return Object.entries(dict);
}

/** A value of one key, or undefined where the object does not declare it itself. */
export function getOwn(dict: ConfigDict, key: string): ConfigValue | undefined {
  return Object.hasOwn(dict, key) ? dict[key] : undefined;
}

/** A short form of a value for messages; long ones are cut. */
export function showValue(value: ConfigValue): string {
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** Whether two values are equal, deeply; booleans equal 1 and 0, as they read in substitutions. */
export function sameValue(a: ConfigValue, b: ConfigValue): boolean {
  if (isScalar(a) && isScalar(b)) return plain(a) === plain(b);
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The text of a value where a job's environment or command needs one: DVSim's users see Python's spelling. */
export function wordOf(value: ConfigValue): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return String(value);
    case 'boolean':
      return value ? 'True' : 'False';
    default:
      return value === null ? 'None' : JSON.stringify(value);
  }
}

function isScalar(value: ConfigValue): value is string | number | boolean | null {
  return value === null || typeof value !== 'object';
}

function plain(value: string | number | boolean | null): string | number | null {
  return typeof value === 'boolean' ? Number(value) : value;
}
