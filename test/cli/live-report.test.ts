// `regatta report` from another process while a run goes on, in every format; and of records that other versions or accidents left.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPORT_FORMATS } from '../../src/cli/option-tables.js';
import { parseResults } from '../../src/results/read-results.js';
import { checkJunit } from '../support/junit-schema.js';
import { needs } from '../support/needs.js';
import { InterruptedRun, killHard } from './interrupted-run.js';

const withXmllint = needs('xmllint');

/** Bytes that are no text: a NUL, colours, half of a character, no UTF-8 at all, markup, and a line of 100,000 characters. */
const JUNK = String.raw`printf 'ERROR \000\033[31m\303 \377\376 ]]> </script> |\n'; head -c 100000 /dev/zero; printf '\n\001\002'`;

const JOBS = (run: InterruptedRun): object[] => [
  { full_name: 'good', cmd: 'true' },
  { full_name: 'junk', cmd: JUNK, fail_patterns: ['^ERROR'] },
  { full_name: 'after-junk', cmd: 'true', deps: ['junk'] },
  { full_name: 'long', cmd: run.waiting('long'), deps: ['good'] },
  { full_name: 'last', cmd: 'true', deps: ['long'] },
];

type Reports = Readonly<Record<(typeof REPORT_FORMATS)[number], string>>;

/** Every format, each made by a process of its own; what they said on stderr must be the same. */
async function reportAll(run: InterruptedRun): Promise<{ readonly reports: Reports; readonly said: string }> {
  const made = await Promise.all(
    REPORT_FORMATS.map(async (format) => ({
      format,
      ...(await run.regatta('report', '--format', format, '--output', '-')),
    })),
  );
  const [first] = made;
  for (const { code, stderr } of made) expect({ code, stderr }).toEqual({ code: 0, stderr: first?.stderr });
  const reports = Object.fromEntries(made.map(({ format, stdout }) => [format, stdout])) as Reports;
  return { reports, said: first?.stderr ?? '' };
}

withXmllint.describe('a report in every format', () => {
  withXmllint.it(
    'of a run that goes on, of the same run when it is dead, and when it has ended',
    async () => {
      const run = new InterruptedRun();
      const started = run.start(JOBS(run));
      await run.recorded('the kill of what needs the junk', '"do":"end","job":2');
      await run.recorded('the long job to run', '"do":"run"', /[[,]3,1[\],]/);

      const live = await reportAll(run);
      const pid = started.child.pid ?? NaN;
      expect(live.said).toMatch(
        new RegExp(
          `^regatta: warning: made from the journal of the run, which is driven by process ${pid} on .*\\n$`,
        ),
      );
      const { results, notices } = parseResults(live.reports.json, 'live');
      expect(notices).toEqual([]);
      expect(results).toMatchObject({
        ended_at: null,
        exit_code: null,
        makespan_s: null,
        counts: { total: 5, passed: 1, failed: 1, killed: 1 },
      });
      expect(results.jobs.map(({ full_name: name, status }) => `${name} ${status}`)).toEqual([
        'good passed',
        'junk failed',
        'after-junk killed',
      ]);
      expect(live.reports.text).toContain('5 jobs: 1 passed, 1 failed, 1 killed, 2 not ended');
      expect(live.reports.md).toContain('| 5 | 1 | 1 | 1 | 2 |');
      expect(live.reports.csv.split('\r\n').map((row) => row.split(',')[0])).toEqual([
        'full_name',
        'good',
        'junk',
        'after-junk',
        '',
      ]);
      expect(checkJunit([live.reports.junit])).toEqual(['']);
      expect(live.reports.html).toContain('"counts":{"total":5,"passed":1,"failed":1,"killed":1}');
      // What is not text is shown as something that is.
      for (const [format, text] of Object.entries(live.reports)) {
        expect(text, format).toContain(format === 'prometheus' ? 'regatta_jobs{status="failed"} 1' : 'junk');
        expect(text, format).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
      }
      // A report leaves nothing where the run will write its own.
      expect(existsSync(join(run.runDir, 'results.json'))).toBe(false);

      await killHard(started);
      const dead = await reportAll(run);
      expect(dead.said).toContain('which is interrupted: its process died; regatta resume goes on with it\n');
      expect(dead.reports.json).toBe(live.reports.json);
      expect(dead.reports.csv).toBe(live.reports.csv);

      run.open();
      expect((await run.regatta('resume', '--status', 'none')).code).toBe(1);
      const over = await reportAll(run);
      expect(over.said).toBe('');
      expect(over.reports.json).toBe(readFileSync(join(run.runDir, 'results.json'), 'utf8'));
      expect(over.reports.junit).toBe(readFileSync(join(run.runDir, 'junit.xml'), 'utf8'));
      expect(over.reports.text).toContain('5 jobs in ');
      expect(over.reports.text).not.toContain('not ended');
      expect(checkJunit([over.reports.junit])).toEqual(['']);
    },
  );

  withXmllint.it('of a run that ends while reports are made', async () => {
    const run = new InterruptedRun();
    const started = run.start(JOBS(run));
    await run.recorded('the kill of what needs the junk', '"do":"end","job":2');
    await run.recorded('the long job to run', '"do":"run"', /[[,]3,1[\],]/);
    const making = Array.from({ length: 4 }, async () => run.regatta('report', '--format', 'json'));
    run.open();
    const reports = await Promise.all(making);
    expect((await started.ended).code).toBe(1);
    for (const { code, stdout } of reports) {
      expect(code).toBe(0);
      // Some are made before the end and some after it, but none is a part of both.
      const { results, notices } = parseResults(stdout, 'report');
      expect(notices).toEqual([]);
      expect(results.jobs.length === results.counts.total).toBe(results.counts.passed === 3);
    }
  });

  withXmllint.it('of a record of an older version', async () => {
    const run = new InterruptedRun();
    run.open();
    expect((await run.start(JOBS(run)).ended).code).toBe(1);
    const file = join(run.runDir, 'results.json');
    const record = JSON.parse(readFileSync(file, 'utf8')) as { jobs: Record<string, unknown>[] };
    const jobs = record.jobs.map(({ full_name, status }) => ({ full_name, status }));
    writeFileSync(file, JSON.stringify({ ...record, schema: 'regatta.results/0', jobs }));
    const { reports, said } = await reportAll(run);
    expect(said).toContain(
      'the record says it is "regatta.results/0", not "regatta.results/1": what this version knows of it is shown\n',
    );
    expect(reports.text).toContain('5 jobs in ');
    expect(reports.md).toContain('| 5 | 3 | 1 | 1 | 0 |');
    expect(checkJunit([reports.junit])).toEqual(['']);
  });
});

describe('what cannot be reported', () => {
  it('is a run whose journal is of another version, and has no results yet', async () => {
    const run = new InterruptedRun();
    const started = run.start(JOBS(run));
    await run.recorded('the long job to run', '"do":"run"', /[[,]3,1[\],]/);
    await killHard(started);
    const journal = run.readJournal();
    writeFileSync(
      join(run.runDir, 'journal.jsonl'),
      journal.replace(/regatta\.journal\/\d+/, 'regatta.journal/99'),
    );
    const { code, stdout, stderr } = await run.regatta('report', '--format', 'md');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/version 99/);
  });
});
