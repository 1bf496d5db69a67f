// Recognises a command line that needs no shell, and finds its program. Knows nothing of jobs; never runs anything.
import { isExecutableFile } from '../../util/executable-file.js';

/** Words of which no shell would change a character. */
const PLAIN = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*(?: +[A-Za-z0-9_@%+=:,./-]+)*$/;

/**
 * First words that mean something to a shell that a program of the same name does not do: reserved words, special
 * built-ins, those that act on the shell itself, and those whose programs differ from the built-in or may be absent.
 */
const SHELL_WORDS = new Set(
  (
    'if then else elif fi do done case esac while until for in function select time coproc ' +
    '. : break continue eval exec exit export readonly return set shift times trap unset ' +
    'alias bg cd command fc fg getopts hash jobs let local read type ulimit umask unalias wait source ' +
    'builtin declare typeset dirs popd pushd disown enable history logout shopt suspend bind caller compgen complete ' +
    'echo printf test kill pwd'
  ).split(' '),
);

/** A program with its arguments, ready to be executed. */
export interface PlainCommand {
  readonly program: string;
  readonly argv: readonly string[];
}

/** Finds programs on search paths; remembers those it found. */
export class PlainCommandReader {
  readonly #found = new Map<string, string>();

  /**
   * The program and arguments a shell would end up with for `cmd`; undefined when that takes a shell to know, or when
   * there is no such program (the shell then says so in the log, and exits with 127).
   *
   * @param searchPath - The job's `PATH`; relative directories in it make it a matter for the shell.
   */
  read(cmd: string, searchPath: string | undefined): PlainCommand | undefined {
    if (!PLAIN.test(cmd)) return undefined;
    const argv = cmd.split(/ +/);
    const [name = ''] = argv;
    if (name.includes('=') || SHELL_WORDS.has(name)) return undefined;
    const program = name.includes('/') ? name : this.#find(name, searchPath ?? '');
    return program === undefined ? undefined : { program, argv };
  }

  #find(name: string, searchPath: string): string | undefined {
    const key = `${name}\0${searchPath}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const folders = searchPath.split(':');
    if (!folders.every((folder) => folder.startsWith('/'))) return undefined;
    const program = folders.map((folder) => `${folder}/${name}`).find(isExecutableFile);
    if (program !== undefined) this.#found.set(key, program);
    return program;
  }
}
