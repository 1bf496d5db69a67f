// Makes an outcome of a job's end: what the backend saw, and what the log says. Knows nothing of kills that we asked for.
import type { JobSpec } from '../model/job-spec.js';
import type { EndReport } from '../model/backend.js';
import { factsOf } from '../model/end-facts.js';
import type { EndFacts, JobEnd, Outcome } from '../model/outcome.js';
import type { Reason } from '../model/reason.js';
import { unreachable } from '../util/unreachable.js';
import type { LogScannerOptions } from './log-scan/log-scanner.js';
import { LogScanner } from './log-scan/log-scanner.js';
import type { Finding } from './log-scan/protocol.js';
import { reportsSimulatedTime } from './log-scan/simulated-time.js';

/** What was made of a job's end. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly facts: EndFacts;
}

/** The target whose jobs simulate; the logs of others tell no simulated time. */
const SIMULATING_TARGET = 'run';

/** Judges jobs that ended by themselves. */
export class Judge {
  readonly #scanner: LogScanner;

  constructor(options: LogScannerOptions = {}) {
    this.#scanner = new LogScanner(options);
  }

  /**
   * The rules, first one that holds: the backend knows the outcome, the job never started, or was lost; a line matches a fail
   * pattern; a pass pattern matches no line; the exit code is not 0, or a signal ended it; else it passed.
   * A log that cannot be read fails a job that has patterns. Never rejects.
   */
  async judgeEnd(spec: JobSpec, report: EndReport): Promise<Verdict> {
    const { end } = report;
    switch (end.kind) {
      case 'declared':
        return { outcome: end.outcome, facts: factsOf(report) };
      case 'not-launched':
        return failed({ kind: 'launch-error', message: end.message }, report);
      case 'lost':
        return failed({ kind: 'lost', message: end.message }, report);
      case 'exited':
      case 'signalled':
        return this.#judgeByLog(spec, report, end);
      default:
        return unreachable(end);
    }
  }

  /** Ends the threads that read logs. */
  async close(): Promise<void> {
    await this.#scanner.close();
  }

  async #judgeByLog(spec: JobSpec, report: EndReport, end: ProcessEnd): Promise<Verdict> {
    const hasPatterns = spec.failPatterns.length + spec.passPatterns.length > 0;
    const wantsLastLines = !endedWell(end);
    const tool = simulatorOf(spec);
    if (!hasPatterns && !wantsLastLines && tool === null) {
      return { outcome: { status: 'passed' }, facts: factsOf(report) };
    }
    const { failPatterns, passPatterns, logPath: path } = spec;
    const reply = await this.#scanner.scan({ path, failPatterns, passPatterns, wantsLastLines, tool });
    if (reply.kind === 'unreadable') {
      if (hasPatterns) {
        const message = `cannot judge the job by its log ${path}: ${reply.message}`;
        return failed({ kind: 'log-error', message }, report);
      }
      return { outcome: judgeProcess(end, []), facts: factsOf(report) };
    }
    const outcome = judgeFinding(reply.finding, end, reply.lastLines);
    return { outcome, facts: { ...factsOf(report), simulatedTimeUs: reply.simulatedTimeUs } };
  }
}

type ProcessEnd = Extract<JobEnd, { kind: 'exited' | 'signalled' }>;

function endedWell(end: ProcessEnd): boolean {
  return end.kind === 'exited' && end.exitCode === 0;
}

function simulatorOf({ target, tool }: JobSpec): string | null {
  return tool !== null && target === SIMULATING_TARGET && reportsSimulatedTime(tool.name) ? tool.name : null;
}

function judgeFinding(finding: Finding, end: ProcessEnd, lastLines: readonly string[]): Outcome {
  switch (finding.kind) {
    case 'fail-pattern':
      return { status: 'failed', reason: finding };
    case 'missing-pass-pattern':
      return { status: 'failed', reason: { ...finding, context: lastLines } };
    case 'nothing-wrong':
      return judgeProcess(end, lastLines);
    default:
      return unreachable(finding);
  }
}

function judgeProcess(end: ProcessEnd, context: readonly string[]): Outcome {
  if (end.kind === 'signalled')
    return { status: 'failed', reason: { kind: 'signal', signal: end.signal, context } };
  if (end.exitCode === 0) return { status: 'passed' };
  return { status: 'failed', reason: { kind: 'exit-code', exitCode: end.exitCode, context } };
}

function failed(reason: Reason, report: EndReport): Verdict {
  return { outcome: { status: 'failed', reason }, facts: factsOf(report) };
}
