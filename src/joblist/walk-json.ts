// Walks JSON text value by value and tells the places; finds syntax errors and doubled keys, which JSON.parse hides.
// Without recursion, so that no nesting is too deep; much slower than JSON.parse, so used only when something is wrong.
import { readToken, showToken, type JsonToken } from './json-token.js';

/** Key or index of a value in the object or array that holds it; undefined for the outermost value. */
export type Segment = string | number | undefined;

/** Told what the walk meets, in the order of the text. Offsets are those of the value's or key's first character. */
export interface JsonVisitor {
  readonly begin?: (segment: Segment, offset: number) => void;
  /** The value begun last and not ended yet ends. */
  readonly end?: () => void;
  /** The key of the next value; `again`: the object already had it. */
  readonly key?: (key: string, offset: number, again: boolean) => void;
}

/** The first place where a text stops being JSON. */
export interface JsonFault {
  readonly message: string;
  readonly offset: number;
  /** The text ends inside this. */
  readonly unclosed?: { readonly kind: 'object' | 'array'; readonly offset: number };
  /** All before the offset is a whole value. */
  readonly afterValue: boolean;
}

/** Walks the whole text, or up to its first fault, which is returned. */
export function walkJson(text: string, visitor: JsonVisitor): JsonFault | undefined {
  return new Walk(text, visitor).run();
}

/** What may come next. */
type Expected =
  | 'value'
  | 'item-or-close' // just after [
  | 'key-or-close' // just after {
  | 'key'
  | 'colon'
  | 'comma-or-close'
  | 'end';

const EXPECTED_WORDS: Readonly<Record<Exclude<Expected, 'comma-or-close'>, string>> = {
  value: 'a value',
  'item-or-close': 'a value or ]',
  'key-or-close': 'a key in double quotes or }',
  key: 'a key in double quotes',
  colon: 'a : after the key',
  end: 'nothing more after the value',
};

/** An object or array that is not closed yet. */
interface Open {
  readonly kind: 'object' | 'array';
  readonly start: number;
  /** Key or index of the value that is read. */
  segment: string | number;
  /** Keys seen: one alone as it is, because most objects of a deep nest have only one. */
  keys: string | Set<string> | undefined;
}

class Walk {
  readonly #text: string;
  readonly #visitor: JsonVisitor;
  readonly #open: Open[] = [];
  #expected: Expected = 'value';

  constructor(text: string, visitor: JsonVisitor) {
    this.#text = text;
    this.#visitor = visitor;
  }

  run(): JsonFault | undefined {
    for (let offset = 0; ;) {
      const token = readToken(this.#text, offset);
      if (token.kind === 'end' && this.#expected === 'end') return undefined;
      if (!this.#accept(token)) return this.#faultAt(token);
      offset = token.end;
    }
  }

  /** Takes the token if it may stand here. */
  #accept(token: JsonToken): boolean {
    switch (token.kind) {
      case 'punctuation':
        return this.#acceptPunctuation(token.text, token.start);
      case 'string':
        return this.#acceptKey(token) || this.#acceptScalar(token);
      case 'scalar':
        return this.#acceptScalar(token);
      default:
        return false;
    }
  }

  #acceptPunctuation(text: string, start: number): boolean {
    const top = this.#open.at(-1);
    switch (text) {
      case '{':
      case '[':
        return this.#openValue(text === '{' ? 'object' : 'array', start);
      case '}':
      case ']':
        return this.#closeValue(text === '}' ? 'object' : 'array');
      case ':':
        return this.#advance(this.#expected === 'colon', 'value');
      default:
        if (top === undefined || this.#expected !== 'comma-or-close') return false;
        if (typeof top.segment === 'number') top.segment++;
        return this.#advance(true, top.kind === 'object' ? 'key' : 'value');
    }
  }

  #advance(allowed: boolean, next: Expected): boolean {
    if (allowed) this.#expected = next;
    return allowed;
  }

  #openValue(kind: Open['kind'], start: number): boolean {
    if (!this.#expectsValue()) return false;
    this.#visitor.begin?.(this.#open.at(-1)?.segment, start);
    this.#open.push({ kind, start, segment: kind === 'object' ? '' : 0, keys: undefined });
    this.#expected = kind === 'object' ? 'key-or-close' : 'item-or-close';
    return true;
  }

  #closeValue(kind: Open['kind']): boolean {
    const empty = kind === 'object' ? 'key-or-close' : 'item-or-close';
    const mayClose = this.#expected === 'comma-or-close' || this.#expected === empty;
    if (!mayClose || this.#open.at(-1)?.kind !== kind) return false;
    this.#open.pop();
    this.#endValue();
    return true;
  }

  #acceptScalar(token: JsonToken): boolean {
    if (!this.#expectsValue()) return false;
    this.#visitor.begin?.(this.#open.at(-1)?.segment, token.start);
    this.#endValue();
    return true;
  }

  #acceptKey(token: JsonToken): boolean {
    const top = this.#open.at(-1);
    if (top === undefined || (this.#expected !== 'key' && this.#expected !== 'key-or-close')) return false;
    const key = JSON.parse(this.#text.slice(token.start, token.end)) as string;
    this.#visitor.key?.(key, token.start, addKey(top, key));
    top.segment = key;
    this.#expected = 'colon';
    return true;
  }

  #expectsValue(): boolean {
    return this.#expected === 'value' || this.#expected === 'item-or-close';
  }

  #endValue(): void {
    this.#visitor.end?.();
    this.#expected = this.#open.length === 0 ? 'end' : 'comma-or-close';
  }

  /** The token closes what a comma just said goes on. */
  #followsComma(token: JsonToken): boolean {
    const top = this.#open.at(-1);
    if (token.kind !== 'punctuation' || top === undefined) return false;
    return top.kind === 'object'
      ? token.text === '}' && this.#expected === 'key'
      : token.text === ']' && this.#expected === 'value';
  }

  #faultAt(token: JsonToken): JsonFault {
    const fault = { offset: token.start, afterValue: this.#expected === 'end' };
    if (token.kind === 'invalid') return { ...fault, message: token.message };
    const top = this.#open.at(-1);
    const expected =
      this.#expected === 'comma-or-close'
        ? `, or ${top?.kind === 'object' ? '}' : ']'} after the value`
        : EXPECTED_WORDS[this.#expected];
    if (token.kind !== 'end') {
      if (this.#followsComma(token)) {
        return { ...fault, message: `no comma may stand before ${showToken(this.#text, token)}` };
      }
      return { ...fault, message: `expected ${expected}, found ${showToken(this.#text, token)}` };
    }
    const message = `expected ${expected}, but the text ends`;
    if (top === undefined) return { ...fault, message };
    return { ...fault, message, unclosed: { kind: top.kind, offset: top.start } };
  }
}

/** Notes a key of an object; true if it was there already. */
function addKey(open: Open, key: string): boolean {
  if (open.keys === undefined) {
    open.keys = key;
    return false;
  }
  if (typeof open.keys === 'string') open.keys = new Set([open.keys]);
  const again = open.keys.has(key);
  open.keys.add(key);
  return again;
}
