// What testpoints and covergroups have in common: name, description, tags, and fields of simple types.
import { UserError } from '../../model/index.js';
import {
  entriesOf,
  getOwn,
  isDict,
  isList,
  showValue,
  type ConfigDict,
  type ConfigValue,
} from '../config/value.js';

/** The fields of one element of a testplan. */
export interface ElementFields {
  readonly name: string;
  readonly desc: string;
  readonly tags: readonly string[];
  /** Every other field: text, boolean or list of texts. */
  readonly fields: ReadonlyMap<string, ConfigValue>;
}

/**
 * Reads one element.
 *
 * @param label - `testpoint` or `covergroup`, for messages.
 * @throws UserError `bad-testplan` naming the element and the field at fault.
 */
export function readElement(label: string, value: ConfigValue, file: string): ElementFields {
  const fail = (message: string): UserError =>
    new UserError({ code: 'bad-testplan', message, origin: { file } });
  if (!isDict(value)) throw fail(`a ${label} must be a dict, not ${showValue(value)}`);
  const name = getOwn(value, 'name');
  if (typeof name !== 'string' || name === '') throw fail(`a ${label} has no name: ${showValue(value)}`);
  const desc = getOwn(value, 'desc');
  if (typeof desc !== 'string') throw fail(`${label} "${name}" has no text "desc"`);
  const fields = new Map<string, ConfigValue>();
  for (const [key, field] of otherEntries(value)) {
    if (!isSimple(field))
      throw fail(`${label} "${name}": key "${key}" must be text, true, false or a list of texts`);
    fields.set(key, field);
  }
  const tags = fields.get('tags') ?? [];
  if (!isList(tags)) throw fail(`${label} "${name}": key "tags" must be a list of texts`);
  return { name, desc, tags: tags as readonly string[], fields };
}

function otherEntries(dict: ConfigDict): [string, ConfigValue][] {
  return entriesOf(dict).filter(([key]) => key !== 'name' && key !== 'desc');
}

function isSimple(value: ConfigValue): boolean {
  if (typeof value === 'string' || typeof value === 'boolean') return true;
  return isList(value) && value.every((item) => typeof item === 'string');
}
