// Writes ends of jobs to a file, for a later process to adopt when the run's own is dead. Knows no job, no launcher.
//
// Format: JSON lines. The first is {"schema":"regatta.ends/1","runId":...}; each other one an EndReport with the time:
// {"job":3,"attempt":1,"end":{"kind":"exited","exitCode":0},"usage":{"cpuMs":1.2},"leftovers":[...],"endedAtMs":...}.
// `job` is the index of the job in the run. A last line without a newline is torn and does not count.
import { appendFileSync, existsSync } from 'node:fs';
import type { EndReport } from '../../model/backend.js';
import { codeOf, describeCode } from '../scratch/system-error.js';

/** Version of the format. */
const SCHEMA = 'regatta.ends/1';

/** Appends to one spool file; begins it when needed. A disk that fails is reported once, and is no job's fault. */
export class EndSpool {
  readonly #path: string;
  readonly #warn: (message: string) => void;
  #hasFailed = false;

  constructor(path: string, runId: string, warn: (message: string) => void) {
    this.#path = path;
    this.#warn = warn;
    if (!existsSync(path)) this.#write(`${JSON.stringify({ schema: SCHEMA, runId })}\n`);
  }

  append(reports: readonly EndReport[], endedAtMs: number): void {
    this.#write(reports.map((report) => `${JSON.stringify({ ...report, endedAtMs })}\n`).join(''));
  }

  #write(text: string): void {
    try {
      appendFileSync(this.#path, text);
    } catch (error) {
      if (!this.#hasFailed)
        this.#warn(`cannot write the ends of jobs to ${this.#path}: ${describeCode(codeOf(error))}`);
      this.#hasFailed = true;
    }
  }
}
