// Pins the CSV report: its columns, its quoting, and that no cell is a formula.
import { describe, expect, test } from 'vitest';
import { formatCsv } from '../../src/reports/csv.js';
import { failedWith, makeJobResult } from '../support/job-result.js';
import { makeView } from '../support/report-view.js';

const lines = (...jobs: Parameters<typeof makeJobResult>[]): string[] =>
  [...formatCsv(makeView(jobs.map((job) => makeJobResult(...job))))].join('').split('\r\n');

describe('formatCsv', () => {
  test('has a line of titles, and a line a job', () => {
    expect(
      lines(
        [
          'a',
          { block: 'uart', tool: 'vcs', seed: 7, cpu_s: 0.25, max_rss_kib: 512, leftovers: ['1 x', '2 y'] },
        ],
        [
          'b',
          {
            ...failedWith('bad, "really"', { line: 3 }),
            exit_code: 1,
            job_runtime_s: null,
            started_at: null,
          },
        ],
      ),
    ).toEqual([
      'full_name,name,qual_name,target,job_type,block,tool,backend,seed,status,reason_kind,reason_message,' +
        'reason_line,bucket,attempts,exit_code,signal,queued_s,job_runtime_s,simulated_time_us,started_at,' +
        'ended_at,odir,log_path,cpu_s,max_rss_kib,leftovers,repro,repro_log_path',
      'a,a,a,run,,uart,vcs,local,7,passed,,,,,1,0,,0,1,,2026-11-24T08:00:00.000Z,2026-11-24T08:00:01.000Z,' +
        '/scratch/a,/scratch/a/run.log,0.25,512,1 x; 2 y,,',
      'b,b,b,run,,,,local,,failed,fail-pattern,"bad, ""really""",3,"bad, ""really""",1,1,,0,,,,' +
        '2026-11-24T08:00:01.000Z,/scratch/b,/scratch/b/run.log,,,,,',
      '',
    ]);
  });

  test.each(['=1+1', '+1', '-1', '@x', '\tx', '\rx'])('makes no formula of %j', (name) => {
    const [, line = ''] = lines([name]);
    expect(line).toMatch(/^"?'/);
  });

  test('takes out colours and marks what no text can hold, before it looks for formulas', () => {
    const [, line = ''] = lines(['\u001b[31m=1+1\u001b[0m \0\u009b\ud800 \u00e9']);
    expect(line).toMatch(/^'=1\+1 \ufffd\ufffd\ufffd \u00e9,/);
  });

  test('quotes line ends', () => {
    const text = [...formatCsv(makeView([makeJobResult('a\nb')]))].join('');
    expect(text).toContain('"a\nb",');
  });
});
