// Runs the real `regatta` command in a folder of its own and gathers what it says.
import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromRepoRoot } from './repo-root.js';

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that was started. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts `regatta ARGV` in `cwd`. */
export function startRegatta(cwd: string, argv: readonly string[], stdin = ''): Started {
  return gather(spawn(process.execPath, [fromRepoRoot('bin/regatta'), ...argv], { cwd }), stdin);
}

function gather(child: ChildProcessWithoutNullStreams, stdin: string): Started {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(stdin);
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { child, ended };
}

/** Runs `regatta ARGV` in `cwd` to its end, in a shell that was told `prelude` first: `ulimit -n 64`. */
export async function regattaAfter(cwd: string, prelude: string, ...argv: readonly string[]): Promise<Ended> {
  const words = [process.execPath, fromRepoRoot('bin/regatta'), ...argv];
  return gather(spawn('/bin/sh', ['-c', `${prelude}; exec "$@"`, 'sh', ...words], { cwd }), '').ended;
}

/** Runs `regatta ARGV` in `cwd` to its end. */
export async function regatta(cwd: string, ...argv: readonly string[]): Promise<Ended> {
  return startRegatta(cwd, argv).ended;
}

/** Writes a job list, one object a line, and returns its name. */
export function writeJobs(cwd: string, jobs: readonly object[], name = 'jobs.jsonl'): string {
  writeFileSync(join(cwd, name), jobs.map((job) => `${JSON.stringify(job)}\n`).join(''));
  return name;
}

/** What tests look at in results.json. */
export interface ResultsFile {
  readonly exit_code: number;
  readonly counts: Readonly<Record<'total' | 'passed' | 'failed' | 'killed', number>>;
  readonly jobs: readonly {
    readonly full_name: string;
    readonly status: string;
    readonly reason: { readonly kind: string; readonly message: string } | null;
    readonly exit_code: number | null;
    readonly odir: string;
    readonly log_path: string;
    readonly backend: string;
  }[];
  readonly buckets: readonly object[];
}

/** results.json of the last run under `cwd`. */
export function readResults(cwd: string): ResultsFile {
  const path = join(cwd, 'scratch', '.regatta', 'latest', 'results.json');
  return JSON.parse(readFileSync(path, 'utf8')) as ResultsFile;
}
