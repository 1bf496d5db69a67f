// The process of a run, for tests that kill it: runs the commands of its arguments on the local backend, says what happens.
import { join } from 'node:path';
import { LocalBackend } from '../../../src/backends/local/index.js';
import type { LocalBackendOptions } from '../../../src/backends/local/index.js';
import { makeSpec } from '../../support/job-spec.js';

const [dir = '', optionsText = '{}', ...commands] = process.argv.slice(2);
const options = JSON.parse(optionsText) as LocalBackendOptions;
const backend = new LocalBackend(options);

function say(what: string, value: unknown): void {
  process.stdout.write(`${what} ${JSON.stringify(value)}\n`);
}

await backend.open({
  started: () => undefined,
  ended: (reports) => {
    say('ended', reports);
  },
});
const answers = await backend.submit(
  commands.map((cmd, job) => {
    const odir = join(dir, `job-${job}`);
    const interactive = cmd.startsWith('interactive:');
    const spec = makeSpec(`job-${job}`, {
      cmd: cmd.replace('interactive:', ''),
      odir,
      logPath: join(odir, 'log'),
      interactive,
    });
    return { job, attempt: 1, spec };
  }),
);
say('submitted', { answers, launcherPid: backend.launcherPid });
process.stdin.once('data', () => {
  void backend.close().then(() => {
    say('closed', null);
    process.stdin.destroy();
  });
});
