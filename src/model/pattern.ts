// Translates pass and fail patterns into JavaScript regular expressions over many lines at once. Pure; knows nothing of logs.
import { unreachable } from '../util/unreachable.js';
import { translateClass } from './pattern-class.js';
import { readEscape, toSource, WHITE_SPACE } from './pattern-escape.js';

/** A compiled pattern, or why it is none. */
export type CompiledPattern =
  | {
      readonly kind: 'compiled';
      /** For `new RegExp(source, 'm')`; any number of sources may be joined with `|`. */
      readonly source: string;
      /** The pattern itself asks for a line end, so that a match may span lines. */
      readonly spansLines: boolean;
    }
  | { readonly kind: 'invalid'; readonly message: string };

/**
 * Turns a pattern, written for JavaScript or for Python (what DVSim's users write), into one that can be searched
 * for in many lines at once and then matches exactly where it would match one of the lines alone:
 *
 * - No part of it crosses a line end (`\s`, `[^x]`, `\W` do not match one), unless it names the line end: `\n`.
 * - `^`, `\A` stand for the start of a line, `$`, `\Z` for its end. The text searched must end every line with `\n`;
 *   a match that starts after the last one is in no line and does not count.
 * - Python's `(?P<n>..)`, `(?P=n)`, `(?#..)`, `{,n}`, `[]x]`, leading `(?imsxu)` and scoped `(?i:..)` are understood.
 *   `(?s)` changes nothing: `.` stays within its line.
 * - A leading `.*` is dropped: it changes no verdict, and costs the square of the line's length.
 *
 * @param groupPrefix - Starts the name of every group that a back-reference needs; unlike in all joined patterns.
 */
export function compilePattern(pattern: string, groupPrefix = 'g'): CompiledPattern {
  try {
    const translator = new Translator(pattern, groupPrefix);
    const source = translator.translate();
    new RegExp(source, 'm');
    return { kind: 'compiled', source, spansLines: translator.spansLines };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { kind: 'invalid', message: error.message.replace(/^Invalid regular expression: .*: /s, '') };
  }
}

interface Flags {
  readonly ignoreCase: boolean;
  readonly verbose: boolean;
}

/** One pass over a pattern. Syntax it does not know is a SyntaxError; what it passes on, the RegExp constructor checks. */
class Translator {
  spansLines = false;
  readonly #pattern: string;
  readonly #prefix: string;
  readonly #groupCount: number;
  readonly #names = new Map<string, number>();
  readonly #referenced = new Set<number>();
  /** Output; a number stands for the opening of that capturing group. */
  readonly #out: (string | number)[] = [];
  /** Flags to return to at the end of each open group. */
  readonly #outer: Flags[] = [];
  #flags: Flags = { ignoreCase: false, verbose: false };
  #groups = 0;
  #at = 0;

  constructor(pattern: string, prefix: string) {
    this.#pattern = pattern;
    this.#prefix = prefix;
    const opened = pattern.matchAll(/\\[^]|\[\^?\]?(?:\\[^]|[^\]\\])*\]|\((?:\?P?<(\w+)>|(?!\?))/g);
    let count = 0;
    for (const match of opened) {
      if (!match[0].startsWith('(')) continue;
      count++;
      if (match[1] !== undefined) this.#names.set(match[1], count);
    }
    this.#groupCount = count;
  }

  translate(): string {
    this.#readLeadingFlags();
    this.#dropLeadingAny();
    while (this.#at < this.#pattern.length) this.#step();
    return this.#out
      .map((part) => {
        if (typeof part === 'string') return part;
        return this.#referenced.has(part) ? `(?<${this.#prefix}${part}>` : '(?:';
      })
      .join('');
  }

  #readLeadingFlags(): void {
    const leading = /^(?:\(\?[aiLmsux]+\))+/.exec(this.#pattern)?.[0] ?? '';
    this.#flags = { ignoreCase: leading.includes('i'), verbose: leading.includes('x') };
    this.#at = leading.length;
  }

  #dropLeadingAny(): void {
    for (;;) {
      const any = this.#take(/(?:\.\*\??)+/y);
      // `.+x` finds what `.x` finds.
      const some = any === undefined ? this.#take(/\.\+\??(?![*+?{])/y) : undefined;
      if (some !== undefined) this.#out.push('.');
      if (any === undefined) return;
    }
  }

  #step(): void {
    const char = this.#pattern.charAt(this.#at);
    switch (char) {
      case '\\':
        this.#translateEscape();
        return;
      case '[': {
        const { source, end, spansLines } = translateClass(this.#pattern, this.#at, this.#flags.ignoreCase);
        this.#out.push(source);
        this.spansLines ||= spansLines;
        this.#at = end;
        return;
      }
      case '(':
        this.#openGroup();
        return;
      case ')':
        this.#flags = this.#outer.pop() ?? this.#flags;
        break;
      case '$':
        this.#at++;
        this.#out.push(LINE_END);
        return;
      case '|':
        this.#at++;
        this.#out.push('|');
        if (this.#outer.length === 0) this.#dropLeadingAny();
        return;
      case '{': {
        const count = this.#take(/\{(?:\d+(?:,\d*)?|,\d*)\}/y);
        if (count === undefined) break;
        this.#out.push(count.replace('{,', '{0,'));
        return;
      }
      case '^':
      case '.':
      case '*':
      case '+':
      case '?':
      case '}':
        break;
      default:
        this.#translateLiteral();
        return;
    }
    this.#at++;
    this.#out.push(char);
  }

  #translateLiteral(): void {
    if (this.#flags.verbose && this.#take(/\s+|#[^\n]*/y) !== undefined) return;
    this.#pushLiteral(this.#pattern.charCodeAt(this.#at++));
  }

  #pushLiteral(code: number): void {
    const char = String.fromCharCode(code);
    this.spansLines ||= char === '\n';
    const variants = this.#flags.ignoreCase ? caseVariants(char) : [char];
    const sources = variants.map((variant) => toSource(variant.charCodeAt(0))).join('');
    this.#out.push(variants.length === 1 ? sources : `[${sources}]`);
  }

  #translateEscape(): void {
    const numbered = this.#take(/\\([1-9]\d?)(?!\d)/y);
    if (numbered !== undefined) {
      this.#refer(Number(numbered.slice(1)), numbered);
      return;
    }
    const named = this.#take(/\\k<\w+>/y);
    if (named !== undefined) {
      this.#refer(this.#names.get(named.slice(3, -1)), named);
      return;
    }
    const escape = readEscape(this.#pattern, this.#at);
    this.#at = escape.end;
    switch (escape.kind) {
      case 'char':
        this.#pushLiteral(escape.code);
        return;
      case 'set':
        this.#out.push(SETS[escape.letter]);
        return;
      case 'anchor':
        this.#out.push(ANCHORS[escape.letter]);
        return;
      default:
        unreachable(escape);
    }
  }

  #refer(group: number | undefined, text: string): void {
    if (group === undefined || group > this.#groupCount)
      throw new SyntaxError(`${text} refers to a group that is not there`);
    if (this.#flags.ignoreCase) {
      throw new SyntaxError(`back-reference ${text} under the flag i is not supported`);
    }
    this.#referenced.add(group);
    this.#out.push(`\\k<${this.#prefix}${group}>`);
  }

  #openGroup(): void {
    if (this.#take(/\(\?#[^)]*\)/y) !== undefined) return;
    const reference = this.#take(/\(\?P=\w+\)/y);
    if (reference !== undefined) {
      this.#refer(this.#names.get(reference.slice(4, -1)), reference);
      return;
    }
    const before = this.#flags;
    const scoped = this.#take(/\(\?[aiLmsux]*(?:-[imsx]+)?:/y);
    const look = scoped === undefined ? this.#take(/\(\?(?:=|!|<=|<!)/y) : undefined;
    if (scoped !== undefined) {
      this.#flags = changeFlags(before, scoped);
      this.#out.push('(?:');
    } else if (look !== undefined) {
      this.#out.push(look);
    } else if (this.#take(/\(\?P?<\w+>|\((?!\?)/y) !== undefined) {
      this.#out.push(++this.#groups);
    } else {
      const text = this.#pattern.slice(this.#at, this.#at + 4);
      const late = /^\(\?[aiLmsux]+\)/.test(this.#pattern.slice(this.#at));
      throw new SyntaxError(
        late ? `flags ${text} must stand at the start of the pattern` : `${text} is not supported`,
      );
    }
    this.#outer.push(before);
  }

  /** Takes what the sticky expression matches here. */
  #take(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#pattern)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

const LINE_END = '(?=[\\n\\r])';

const ANCHORS = { A: '^', Z: LINE_END, z: LINE_END, b: '\\b', B: '\\B' } as const;

const SETS = {
  s: `[${WHITE_SPACE}]`,
  S: '\\S',
  d: '\\d',
  D: '[^\\d\\n\\r]',
  w: '\\w',
  W: '[^\\w\\n\\r]',
} as const;

function changeFlags(flags: Flags, opening: string): Flags {
  const [on = '', off = ''] = opening.slice(2, -1).split('-');
  const has = (letter: string, value: boolean): boolean =>
    (value || on.includes(letter)) && !off.includes(letter);
  return { ignoreCase: has('i', flags.ignoreCase), verbose: has('x', flags.verbose) };
}

/** The character in its lower and upper case where each is one character, without doubles. */
function caseVariants(char: string): string[] {
  const all = [char, char.toLowerCase(), char.toUpperCase()].filter((variant) => variant.length === 1);
  return [...new Set(all)];
}
