// A run of the real command whose jobs wait for the test: for tests that interrupt it. Knows no command that takes it up.
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  readResults,
  regatta,
  startRegatta,
  writeJobs,
  type Ended,
  type Started,
} from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { makeTempDir } from '../support/temp-dir.js';

/** See the head of the file. */
export class InterruptedRun {
  readonly dir = makeTempDir();

  /** What a job does that counts its starts, and then waits until `open` was called. */
  waiting(name: string): string {
    const starts = join(this.dir, `${name}.starts`);
    return `echo x >> ${starts}; while [ ! -e ${join(this.dir, 'open')} ]; do sleep 0.05; done`;
  }

  /** What a job does that counts its starts. */
  counting(name: string): string {
    return `echo x >> ${join(this.dir, `${name}.starts`)}`;
  }

  /** Lets the waiting jobs end, and those that are started later not wait. */
  open(): void {
    closeSync(openSync(join(this.dir, 'open'), 'w'));
  }

  startsOf(name: string): number {
    const path = join(this.dir, `${name}.starts`);
    return existsSync(path) ? readFileSync(path, 'utf8').length / 'x\n'.length : 0;
  }

  /** Starts a run of these jobs; it is killed at the latest when the test ends. */
  start(jobs: readonly object[], ...options: readonly string[]): Started {
    return this.#watch(
      'run',
      writeJobs(this.dir, jobs),
      '--status',
      'none',
      '--kill-grace',
      '0.3',
      ...options,
    );
  }

  /** Starts the command that takes it up; it is killed as above. */
  takeUp(...options: readonly string[]): Started {
    return this.#watch('resume', ...options);
  }

  #watch(...argv: readonly string[]): Started {
    const started = startRegatta(this.dir, argv);
    onTestFinished(() => {
      this.open();
      started.child.kill('SIGKILL');
    });
    return started;
  }

  /** Waits until the record has an entry that says this. */
  async recorded(what: string, ...pieces: readonly (string | RegExp)[]): Promise<void> {
    await eventually(what, () =>
      this.readJournal()
        .split('\n')
        .some((line) =>
          pieces.every((piece) => (typeof piece === 'string' ? line.includes(piece) : piece.test(line))),
        ),
    );
  }

  get runDir(): string {
    return join(this.dir, 'scratch', '.regatta', 'latest');
  }

  readJournal(): string {
    const path = join(this.runDir, 'journal.jsonl');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  async regatta(...argv: readonly string[]): Promise<Ended> {
    return regatta(this.dir, ...argv);
  }

  /** Statuses in results.json, by job. */
  statuses(): Record<string, string> {
    return Object.fromEntries(readResults(this.dir).jobs.map(({ full_name, status }) => [full_name, status]));
  }
}

/** Kills a process of a run, and returns when it is dead. */
export async function killHard({ child, ended }: Started): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}
