// Builds the command line parser from the option tables, and reads an argument list with it. Runs no command.
import { Command, CommanderError, Option } from 'commander';
import type { RunOptionEntry } from '../flow/options/run-option-table.js';
import type { RawOptions } from '../flow/options/read-options.js';
import { UNTAKEN_OPTIONS } from '../flow/options/untaken-options.js';
import { UserError } from '../model/problem.js';

/** One command of the command line. */
export interface CommandSpec {
  /** Name and arguments, as `run <input>`. */
  readonly usage: string;
  readonly summary: string;
  readonly options: readonly RunOptionEntry[];
}

/** What an argument list asks for. */
export type ParsedCommand =
  | {
      readonly kind: 'command';
      readonly name: string;
      readonly args: readonly string[];
      readonly raw: RawOptions;
    }
  /** Help or version: text for stdout. */
  | { readonly kind: 'text'; readonly text: string };

/**
 * Reads an argument list. DVSim's short options of several letters are understood, as words of their own.
 * @throws UserError `bad-usage` for unknown commands, options and missing values.
 */
export function parseArguments(
  argv: readonly string[],
  commands: readonly CommandSpec[],
  version: string,
): ParsedCommand {
  let text = '';
  let complaint = '';
  let parsed: ParsedCommand | undefined;
  const program = new Command('regatta')
    .description('Event-driven scheduler for hardware design-verification regressions')
    .version(version, '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (chunk) => (text += chunk),
      writeErr: (chunk) => (complaint += chunk),
      outputError: (chunk) => (complaint += chunk),
    });
  for (const spec of commands) {
    const command = program.command(spec.usage).description(spec.summary).copyInheritedSettings(program);
    for (const entry of spec.options) command.addOption(toOption(entry));
    command.action((...given: unknown[]) => {
      const args = given
        .slice(0, -2)
        .flat()
        .filter((arg) => typeof arg === 'string');
      parsed = { kind: 'command', name: command.name(), args, raw: command.opts() };
    });
  }
  try {
    program.parse(spellOutShorts(argv, commands), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0 || text === '') throw toUserError(argv, complaint, error);
    return { kind: 'text', text };
  }
  return parsed ?? { kind: 'text', text: program.helpInformation() };
}

function toUserError(argv: readonly string[], complaint: string, error: CommanderError): UserError {
  // The parser prints its usage as the complaint when no command was named, or help was asked about one that is none.
  const usesHelp = error.code === 'commander.help';
  const [command, subject] = argv;
  const lack = command === 'help' ? `unknown command '${subject ?? ''}'` : 'no command given';
  const message = usesHelp ? lack : complaint.trim().replace(/^error: /, '');
  const unknown = /^unknown option '([^'=]+)/.exec(message)?.[1] ?? '';
  const instead = UNTAKEN_OPTIONS.get(unknown);
  if (instead !== undefined) {
    return new UserError({
      code: 'bad-usage',
      message: `DVSim's option ${unknown} is not taken over`,
      hint: instead,
    });
  }
  return new UserError({
    code: 'bad-usage',
    message: message.replace(/\n\(Did you mean (.*)\?\)$/, '; did you mean $1?'),
    hint: 'regatta --help lists commands, regatta COMMAND --help options',
  });
}

function toOption(entry: RunOptionEntry): Option {
  const value = entry.metavar ?? 'VALUE';
  const placeholder = {
    flag: '',
    one: ` <${value}>`,
    optional: ` [${value}]`,
    some: ` <${value}...>`,
    many: ` [${value}...]`,
  };
  // The parser knows short options of one letter only; the others are spelled out before it sees them.
  const short = entry.short?.length === 2 ? `${entry.short}, ` : '';
  const also = entry.short !== undefined && entry.short.length > 2 ? ` (also ${entry.short})` : '';
  const option = new Option(`${short}${entry.long}${placeholder[entry.arity]}`, `${entry.help}${also}`);
  option.attributeName = () => entry.field;
  // With a field of its own it is given or not, as any flag; the parser would take it for the opposite of one that is on by default.
  if (entry.field.startsWith('no')) option.negate = false;
  option.helpGroup(`${entry.group}:`);
  if (entry.repeatable === true) {
    option.argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);
  }
  return option;
}

/** `-mp 4` and `-mp=4` become `--max-parallel 4`; nothing after `--` is touched. */
function spellOutShorts(argv: readonly string[], commands: readonly CommandSpec[]): string[] {
  const longOf = new Map<string, string>();
  for (const { short, long } of commands.flatMap(({ options }) => options)) {
    if (short !== undefined && short.length > 2) longOf.set(short, long);
  }
  const end = argv.indexOf('--');
  const spell = (word: string): string => {
    const [name = '', ...rest] = word.split('=');
    const long = longOf.get(name);
    return long === undefined ? word : [long, ...rest].join('=');
  };
  return argv.map((word, i) => (end !== -1 && i > end ? word : spell(word)));
}
