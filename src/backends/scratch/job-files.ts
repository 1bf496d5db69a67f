// The text of the two files every output directory gets: `env_vars` and `cmd.sh`. Pure; writes nothing.
import type { JobSpec } from '../../model/job-spec.js';
import { escapeControls } from '../../model/problem.js';
import { quoteForShell } from '../../util/quote-for-shell.js';
import { looksSecret } from './secrets.js';

/** File of `NAME=value` lines: the environment the job ran in. */
export const ENVIRONMENT_FILE = 'env_vars';

/** Script that runs the job again by hand. */
export const SCRIPT_FILE = 'cmd.sh';

const SHELL_NAME = /^[A-Za-z_]\w*$/;

/** Text of `env_vars` for many jobs of one base environment; secrets' values are left out. */
export class EnvironmentText {
  readonly #lines: ReadonlyMap<string, string>;
  readonly #all: string;

  constructor(base: Readonly<Record<string, string>>) {
    this.#lines = new Map(Object.entries(base).map(([name, value]) => [name, formatVariable(name, value)]));
    this.#all = [...this.#lines.values()].join('');
  }

  /** The base with `exports` set on top; those come first. */
  format(exports: Readonly<Record<string, string>>): string {
    const names = Object.keys(exports);
    const own = names.map((name) => formatVariable(name, exports[name] ?? '')).join('');
    if (!names.some((name) => this.#lines.has(name))) return own + this.#all;
    const others = [...this.#lines].filter(([name]) => !(name in exports)).map(([, line]) => line);
    return own + others.join('');
  }
}

function formatVariable(name: string, value: string): string {
  return `${escapeControls(`${name}=${looksSecret(name) ? '<not written: its name looks like a secret>' : value}`)}\n`;
}

/** Text of `cmd.sh`: changes to the output directory, sets the exports, runs the command. */
export function formatScript({ cmd, exports, odir }: JobSpec): string {
  const settings = Object.entries(exports).map(([name, value]) => {
    if (looksSecret(name))
      return `# ${escapeControls(name)} is not written, its name looks like a secret: set it before.\n`;
    // Other programs may read such a variable; a shell cannot set it.
    if (!SHELL_NAME.test(name))
      return `# Not a name a shell can set: ${escapeControls(`${name}=${value}`)}\n`;
    return `export ${name}=${quoteForShell(value)}\n`;
  });
  return `#!/bin/sh\n# Runs this job again by hand.\ncd ${quoteForShell(odir)} || exit\n${settings.join('')}${cmd}\n`;
}
