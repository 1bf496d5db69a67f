// Modes: named sets of options. Knows how modes of one name, and sub-modes, are merged; not what the options are for.
import { UserError } from '../../model/index.js';
import { suggestName } from '../../util/nearest.js';
import {
  entriesOf,
  getOwn,
  isDict,
  isList,
  kindOf,
  sameValue,
  showValue,
  type ConfigValue,
} from '../config/value.js';

/** A kind of mode: its attributes with their defaults, and the attribute that names its sub-modes. */
export interface ModeKind {
  /** In the words of messages. */
  readonly label: string;
  readonly defaults: Readonly<Record<string, ConfigValue>>;
  /** Attribute that lists sub-modes; undefined where there are none. */
  readonly subModes?: string;
}

/** One mode. Its lists are its own and grow while modes are merged. */
export class Mode {
  readonly kind: ModeKind;
  readonly attributes: Map<string, ConfigValue>;

  private constructor(kind: ModeKind, attributes: Map<string, ConfigValue>) {
    this.kind = kind;
    this.attributes = attributes;
  }

  /**
   * Makes a mode of what a config says.
   *
   * @throws UserError `bad-mode` when it is no dict, has no name, or has a key that modes of its kind do not know.
   */
  static parse(kind: ModeKind, value: ConfigValue, file: string): Mode {
    if (!isDict(value)) {
      throw badMode(`a ${kind.label} must be a dict, not the ${kindOf(value)} ${showValue(value)}`, file);
    }
    const name = getOwn(value, 'name');
    if (typeof name !== 'string' || name === '') {
      throw badMode(`a ${kind.label} has no name: ${showValue(value)}`, file);
    }
    const attributes = new Map<string, ConfigValue>([['name', '']]);
    for (const [key, standard] of entriesOf(kind.defaults)) attributes.set(key, ownCopy(standard));
    for (const [key, given] of entriesOf(value)) {
      if (!attributes.has(key)) throw unknownKey(kind, { name, key }, file);
      attributes.set(key, ownCopy(given));
    }
    const mode = new Mode(kind, attributes);
    mode.#setSubModes([...new Set(mode.subModes)]);
    return mode;
  }

  get name(): string {
    const name = this.attributes.get('name');
    return typeof name === 'string' ? name : '';
  }

  /** The value of an attribute; null when it has none. */
  get(key: string): ConfigValue {
    return this.attributes.get(key) ?? null;
  }

  set(key: string, value: ConfigValue): void {
    this.attributes.set(key, value);
  }

  /** A list attribute; empty when it holds something else. */
  list(key: string): readonly ConfigValue[] {
    const value = this.attributes.get(key);
    return isList(value) ? value : [];
  }

  /** Appends to a list attribute. */
  append(key: string, values: readonly ConfigValue[]): void {
    if (values.length === 0) return;
    const own = this.attributes.get(key);
    if (isList(own)) (own as ConfigValue[]).push(...values);
    else this.attributes.set(key, [...values]);
  }

  /** Names of the sub-modes: the list itself, which grows while sub-modes are merged in. */
  get subModes(): readonly string[] {
    const key = this.kind.subModes;
    return key === undefined ? [] : (this.list(key) as readonly string[]);
  }

  /**
   * Merges another mode in: one of the same name, or a sub-mode, whose name is not taken over.
   *
   * @throws UserError `mode-conflict` when an attribute has two different values, neither of them a default.
   */
  merge(other: Mode, file: string): void {
    const isSubMode = this.subModes.includes(other.name);
    for (const [key, own] of this.attributes) {
      if (isSubMode && key === 'name') continue;
      const incoming = other.get(key);
      if (incoming === null) continue;
      if (own === null) this.attributes.set(key, ownCopy(incoming));
      else if (!sameValue(own, incoming)) this.#mergeAttribute(key, { own, incoming }, { other, file });
    }
    this.#setSubModes([...new Set(this.subModes)].filter((name) => name !== this.name));
  }

  #mergeAttribute(
    key: string,
    values: { own: ConfigValue; incoming: ConfigValue },
    from: { other: Mode; file: string },
  ): void {
    const { own, incoming } = values;
    if (isList(own) && isList(incoming)) {
      // A copy, because a mode may be merged into itself by way of its sub-modes.
      (own as ConfigValue[]).push(...[...incoming]);
      return;
    }
    const isSameKind = kindOf(own) === kindOf(incoming);
    if (isSameKind && isModeDefault(incoming)) return;
    if (isSameKind && isModeDefault(own)) {
      this.attributes.set(key, incoming);
      return;
    }
    throw new UserError({
      code: 'mode-conflict',
      message:
        `${this.kind.label} "${this.name}" has ${key} ${showValue(own)}, ` +
        `but "${from.other.name}", merged into it, has ${showValue(incoming)}`,
      origin: { file: from.file },
    });
  }

  /** Always a new list: whoever walks the old one is not disturbed. */
  #setSubModes(names: readonly string[]): void {
    const key = this.kind.subModes;
    if (key !== undefined) this.attributes.set(key, names);
  }
}

/** Texts and numbers have a default that anything else replaces: empty, and -1. */
function isModeDefault(value: ConfigValue): boolean {
  return value === '' || value === -1;
}

function ownCopy(value: ConfigValue): ConfigValue {
  return isList(value) ? [...value] : value;
}

function badMode(message: string, file: string): UserError {
  return new UserError({ code: 'bad-mode', message, origin: { file } });
}

function unknownKey(kind: ModeKind, is: { name: string; key: string }, file: string): UserError {
  const known = Object.keys(kind.defaults);
  return new UserError({
    code: 'bad-mode',
    message: `${kind.label} "${is.name}" has an unknown key "${is.key}"`,
    origin: { file },
    hint: suggestName(is.key, known) ?? `known: ${known.join(', ')}`,
  });
}

/** Modes of one kind by name, in declaration order. */
export type ModeTable = Map<string, Mode>;

/** Makes modes of their dicts, those of one name merged into the first of them. */
export function collectModes(kind: ModeKind, dicts: readonly ConfigValue[], file: string): ModeTable {
  const table: ModeTable = new Map();
  for (const dict of dicts) {
    const mode = Mode.parse(kind, dict, file);
    const first = table.get(mode.name);
    if (first === undefined) table.set(mode.name, mode);
    else first.merge(mode, file);
  }
  return table;
}

/**
 * Merges sub-modes into the modes that enable them, innermost first.
 *
 * A sub-mode is merged again each time it is reached, as DVSim does: what its own sub-modes add is then in it
 * more than once, and command lines of existing projects depend on that.
 *
 * @throws UserError `unknown-mode`, or `cyclic-modes` with the path of the cycle.
 */
export function mergeSubModes(table: ModeTable, file: string): void {
  for (const mode of table.values()) mergeInto(mode, [mode.name], { table, file });
}

function mergeInto(mode: Mode, chain: readonly string[], at: { table: ModeTable; file: string }): void {
  // The list grows during the first merge, and the names it gains are walked as well.
  for (const name of mode.subModes) {
    const subMode = at.table.get(name);
    if (subMode === undefined) {
      throw unknownMode({ name, wantedBy: `${mode.kind.label} "${mode.name}"` }, at.table, at.file);
    }
    if (chain.includes(name) && subMode.subModes.length > 0) {
      const cycle = [...chain.slice(chain.indexOf(name)), name].join(' -> ');
      throw new UserError({
        code: 'cyclic-modes',
        message: `${mode.kind.label}s enable each other in a cycle: ${cycle}`,
        origin: { file: at.file },
      });
    }
    mergeInto(subMode, [...chain, name], at);
    mode.merge(subMode, at.file);
  }
}

/** The error for a mode that is named but not defined. */
export function unknownMode(
  is: { name: string; wantedBy: string },
  known: Pick<ModeTable, 'keys'>,
  file: string,
): UserError {
  const names = [...known.keys()];
  return new UserError({
    code: 'unknown-mode',
    message: `${is.wantedBy} enables the mode "${is.name}", which is not defined`,
    origin: { file },
    hint: suggestName(is.name, names) ?? `defined: ${names.join(', ') || 'none'}`,
  });
}
