// Replaces the {name} wildcards of one text. Knows where values come from only through a scope.
import { isList, type ConfigValue } from './value.js';

/** Where the wildcards of a text get their values, and what to do without one. */
export interface Scope {
  /** Value of a name; undefined or null: not known here, so the environment is asked. */
  readonly lookup: (name: string) => ConfigValue | undefined;
  /** Names that stay as they are, for a later pass. */
  readonly isHeld: (name: string) => boolean;
  /** Leave unknown names as they are, instead of failing. */
  readonly lenient: boolean;
  /** Environment variables, asked after `lookup`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Output of a shell command; throws {@link PendingCommand} while it is not known. */
  readonly runCommand: (command: string) => string;
}

/** Thrown when a text needs the output of a command that has not run yet: run it, then expand again. */
export class PendingCommand extends Error {
  constructor() {
    super('a command has not run yet');
    this.name = 'PendingCommand';
  }
}

/** Why a text cannot be expanded; whoever knows the key and the file words the problem. */
export type WildcardFault =
  | { readonly kind: 'unknown-wildcard'; readonly name: string }
  | { readonly kind: 'wildcard-loop'; readonly chain: readonly string[] }
  | { readonly kind: 'wildcard-type'; readonly name: string }
  | { readonly kind: 'unfinished-command'; readonly command: string }
  | {
      readonly kind: 'command-failed';
      readonly command: string;
      readonly exitCode: number;
      readonly output: string;
    };

/** A {@link WildcardFault} on its way to the place that knows the key. */
export class WildcardError extends Error {
  readonly fault: WildcardFault;
  /** The key whose value has the fault, where that is another one than the key being expanded. */
  readonly within: string | undefined;

  constructor(fault: WildcardFault, within?: string) {
    super(fault.kind);
    this.name = 'WildcardError';
    this.fault = fault;
    this.within = within;
  }
}

const WILDCARD = /\{([A-Za-z0-9_]+)\}/g;

/** Whether a text has anything that looks like a wildcard. */
export function hasWildcard(text: string): boolean {
  WILDCARD.lastIndex = 0;
  return WILDCARD.test(text);
}

/**
 * Expands a text from left to right. What a wildcard expands to is expanded itself, and the result is looked at
 * again, so that names can be put together: `{cov_{mode}}`. `{eval_cmd}` takes the rest of the text as a shell
 * command and stands for its output.
 *
 * @throws WildcardError, or PendingCommand.
 */
export function expandText(text: string, scope: Scope): string {
  return text.includes('{') ? expand(text, scope, []).text : text;
}

interface Expansion {
  readonly text: string;
  /** A command could not run yet, because it still has wildcards: what was put in must not be looked at again. */
  readonly deferred: boolean;
}

function expand(source: string, scope: Scope, chain: readonly string[]): Expansion {
  let text = source;
  let deferred = false;
  let from = 0;
  for (;;) {
    WILDCARD.lastIndex = from;
    const match = WILDCARD.exec(text);
    if (match === null) return { text, deferred };
    const name = match[1] ?? '';
    const end = match.index + match[0].length;
    if (scope.isHeld(name)) {
      from = end;
      continue;
    }
    if (chain.includes(name)) {
      throw loopError(chain.slice(chain.indexOf(name)));
    }
    if (name === 'eval_cmd') {
      const command = expand(text.slice(end), scope, chain).text;
      if (hasWildcard(command)) {
        checkDeferrable(command, scope, chain);
        return { text: text.slice(0, end) + command, deferred: true };
      }
      text = text.slice(0, match.index) + runCommand(command, scope, chain);
      continue;
    }
    const value = scope.lookup(name) ?? scope.env[name];
    if (value === undefined) {
      if (!scope.lenient) throw new WildcardError({ kind: 'unknown-wildcard', name }, chain.at(-1));
      from = end;
      continue;
    }
    const inner = expandValue(textOf(value, name), scope, [...chain, name]);
    text = text.slice(0, match.index) + inner.text + text.slice(end);
    if (inner.deferred) {
      deferred = true;
      from = match.index + inner.text.length;
    }
  }
}

function expandValue(text: string, scope: Scope, chain: readonly string[]): Expansion {
  return text.includes('{') ? expand(text, scope, chain) : { text, deferred: false };
}

/** A command with wildcards left is an error, unless each is held or may stay unknown. */
function checkDeferrable(command: string, scope: Scope, chain: readonly string[]): void {
  if (scope.lenient) return;
  for (const [, name = ''] of command.matchAll(WILDCARD)) {
    if (!scope.isHeld(name)) throw new WildcardError({ kind: 'unfinished-command', command }, chain.at(-1));
  }
}

function runCommand(command: string, scope: Scope, chain: readonly string[]): string {
  try {
    return scope.runCommand(command);
  } catch (error) {
    throw error instanceof WildcardError ? new WildcardError(error.fault, chain.at(-1)) : error;
  }
}

/** The same loop is the same fault wherever it is entered: it starts with the first of its names. */
function loopError(names: readonly string[]): WildcardError {
  const first = [...names].sort()[0] ?? '';
  const start = names.indexOf(first);
  const chain = [...names.slice(start), ...names.slice(0, start), first];
  return new WildcardError({ kind: 'wildcard-loop', chain }, first);
}

/** How a value reads inside a text: lists are joined with spaces, booleans are 1 and 0. */
function textOf(value: ConfigValue, name: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return String(value);
  if (isList(value)) return value.map((item) => textOf(item, name)).join(' ');
  throw new WildcardError({ kind: 'wildcard-type', name });
}
