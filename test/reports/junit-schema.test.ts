// Holds junit.xml to its schema: of any run, with any text in it, through the real command too.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { formatJunit } from '../../src/reports/junit.js';
import type { Results } from '../../src/results/schema.js';
import { regatta, writeJobs } from '../support/command.js';
import { failedWith, makeJobResult, makeResults } from '../support/job-result.js';
import { checkJunit } from '../support/junit-schema.js';
import { needs } from '../support/needs.js';
import { anyResults, hostileText } from '../support/report-view.js';
import { makeTempDir } from '../support/temp-dir.js';

const withXmllint = needs('xmllint');

const render = (results: Results): string => [...formatJunit(results)].join('');

withXmllint.it('any run makes a document that the schema accepts', () => {
  const runs = fc.sample(anyResults, { numRuns: 300, seed: 20261124 });
  expect(runs.filter(({ jobs }) => jobs.length > 5).length).toBeGreaterThan(100);
  expect(checkJunit(runs.map(render)).filter((problem) => problem !== '')).toEqual([]);
});

withXmllint.it('so does any text in any place of a job and of a run', () => {
  const texts = fc.sample(fc.array(hostileText, { minLength: 6, maxLength: 6 }), {
    numRuns: 300,
    seed: 20261124,
  });
  const documents = texts.map(([name = '', block = '', target = '', message = '', line = '', id = '']) => {
    const failed = failedWith(message, { context: [line] });
    const jobs = [
      makeJobResult(name, { block, target, log_path: line, ...failed }),
      makeJobResult(name, { target, status: 'killed', reason: { kind: 'dependency', message } }),
    ];
    return render(makeResults(jobs, { run_id: id }));
  });
  expect(checkJunit(documents).filter((problem) => problem !== '')).toEqual([]);
});

withXmllint.it('so do times that no run of ours has, but a record may', () => {
  const jobs = [1e-7, 0.1 + 0.2, 1234.5678].map((time) =>
    makeJobResult(`${time}`, { job_runtime_s: time, block: `${time}` }),
  );
  const odd = makeResults(jobs, { makespan_s: 1e-9, started_at: 'Nov 24 2026 08:00 UTC' });
  expect(checkJunit([render(odd)])).toEqual(['']);
  expect(render(odd)).toContain('time="0.3" timestamp="2026-11-24T08:00:00"');
});

withXmllint.it('the schema refuses what is none', () => {
  const good = render(makeResults([makeJobResult('a', failedWith('bad'))]));
  const broken = [
    good.replace(' classname="run"', ''),
    good.replace('</failure>', '</failure><error message="" type=""/>'),
    good.replace('tests="1"', 'tests="-1"'),
    good.replace(' time="1"', ' time="1e21"'),
    good.replace('T08:00:00"', 'T08:00:00Z"'),
    good.replace('bad', '\u0001'),
    good.replace('<testsuites', '<testsuites skipped="0"'),
  ];
  for (const [index, problem] of checkJunit([good, ...broken]).entries()) {
    expect(problem, `document ${index}`).toMatch(index === 0 ? /^$/ : /error/);
  }
});

withXmllint.it('the command writes such a document of hostile jobs, and reports it again', async () => {
  const dir = makeTempDir();
  const names = ['a]]>b', '<!-- "x" & \'y\'', 'bell\u0007', 'line\nbreak', '\u001b[31mred'];
  const jobs = writeJobs(dir, [
    ...names.map((full_name, index) => ({
      full_name,
      cmd: `printf 'ERROR ]]> \\001\\033[31m \\355\\240\\200 <b>\\n\\000\\377\\n'; exit ${index}`,
      fail_patterns: index % 2 === 0 ? ['ERROR'] : [],
      block: { name: full_name, variant: '' },
      odir: `odir-${index}`,
    })),
    { full_name: 'after', cmd: 'true', dependencies: ['a]]>b'], target: ']]>' },
    { full_name: 'fine', cmd: 'true' },
  ]);
  const junit = join(dir, 'j.xml');
  const { code, stderr } = await regatta(dir, 'run', jobs, '--status', 'none', '--junit', junit);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const { stdout } = await regatta(dir, 'report', '--format', 'junit');
  expect(stdout).toBe(readFileSync(junit, 'utf8'));
  expect(stdout).toContain('tests="7" failures="5" errors="0" time=');
  const record = join(dir, 'scratch/.regatta/latest/results.json');
  writeFileSync(record, readFileSync(record, 'utf8').replaceAll('bell\\u0007', 'half\\ud800'));
  const { stdout: ofHalf } = await regatta(dir, 'report', '--format', 'junit');
  expect(ofHalf).toContain('name="half\ufffd"');
  expect(checkJunit([stdout, ofHalf])).toEqual(['', '']);
});
