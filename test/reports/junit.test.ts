// Pins junit.xml, read back by a parser: its counts, its verdicts, and that any text of a job leaves it well-formed.
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatJunit } from '../../src/reports/junit.js';
import type { JobResult } from '../../src/results/schema.js';
import { failedWith, makeJobResult, makeResults } from '../support/job-result.js';
import { needs } from '../support/needs.js';

function render(jobs: readonly JobResult[]): string {
  return [...formatJunit(makeResults(jobs))].join('');
}

const withPython = needs('python3');

/** Reads documents with a strict parser, and gives of each its first test case: name, message and text. */
const PARSER = `
import json, sys
import xml.etree.ElementTree as tree
def read(xml):
    case = next(tree.fromstring(xml.encode()).iter("testcase"))
    return [case.get("name"), case[0].get("message"), case[0].text]
json.dump([read(xml) for xml in json.load(sys.stdin)], sys.stdout)
`;

function parseStrictly(documents: readonly string[]): [name: string, message: string, text: string][] {
  const input = JSON.stringify(documents);
  const output = execFileSync('python3', ['-c', PARSER], { input, encoding: 'utf8', maxBuffer: 1 << 26 });
  return JSON.parse(output) as [string, string, string][];
}

describe('formatJunit', () => {
  test('makes a suite of each block, and an element of each verdict', () => {
    const jobs = [
      makeJobResult('uart:build', { block: 'uart', target: 'build' }),
      makeJobResult('uart:t.1', {
        block: 'uart',
        ...failedWith('bad <CRC>', { line: 7, context: ['a', 'b'] }),
        job_runtime_s: 2.125,
      }),
      makeJobResult('lint', {
        target: 'lint',
        status: 'killed',
        reason: { kind: 'timeout', message: 'too long' },
      }),
      makeJobResult('uart:t.2', {
        block: 'uart',
        status: 'killed',
        reason: { kind: 'dependency', message: 'dependency x failed' },
        job_runtime_s: null,
      }),
    ];
    expect(render(jobs)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="run-1" tests="4" failures="1" errors="1" time="10">
  <testsuite name="uart" tests="3" failures="1" errors="0" skipped="1" time="3.125" timestamp="2026-11-24T08:00:00">
    <testcase name="uart:build" classname="uart.build" time="1"/>
    <testcase name="uart:t.1" classname="uart.run" time="2.125">
      <failure message="bad &lt;CRC&gt;" type="fail-pattern">bad &lt;CRC&gt;
a
b

log: /scratch/uart:t.1/run.log:7</failure>
    </testcase>
    <testcase name="uart:t.2" classname="uart.run" time="0">
      <skipped message="dependency x failed"/>
    </testcase>
  </testsuite>
  <testsuite name="lint" tests="1" failures="0" errors="1" skipped="0" time="1" timestamp="2026-11-24T08:00:00">
    <testcase name="lint" classname="lint" time="1">
      <error message="too long" type="timeout">too long

log: /scratch/lint/run.log</error>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  test('of a run without jobs is an empty document', () => {
    expect(render([])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="run-1" tests="0" failures="0" errors="0" time="10">
</testsuites>
`);
  });

  test('takes colours out and marks what XML cannot hold', () => {
    const message = '\u001b[31mred\u001b[0m \0 \ud800 \ufffe ]]> &amp; "q"\r\nb\t';
    expect(render([makeJobResult('a', failedWith(message))])).toContain(
      '<failure message="red \ufffd \ufffd \ufffd ]]&gt; &amp;amp; &quot;q&quot;&#10;b&#9;" type',
    );
  });

  withPython.it('is well-formed, and keeps names, for any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        '<![CDATA[',
        ']]>',
        '&amp;',
        '"',
        "'",
        '<!--',
        '-->',
        '\ud800',
        '\r',
        '\u001b[31m',
        '\n',
      ),
    );
    const samples = fc.sample(fc.tuple(text, text, text), { numRuns: 500, seed: 20261124 });
    const documents = samples.map(([name, message, context]) =>
      render([makeJobResult(name, { block: message, ...failedWith(message, { context: [context] }) })]),
    );
    const parsed = parseStrictly(documents);
    const plain = /^[^\u0000-\u001f\u007f-\u009f\ufffe\uffff\p{Surrogate}]*$/u;
    let kept = 0;
    samples.forEach(([name, message], index) => {
      if (!plain.test(name) || !plain.test(message)) return;
      kept++;
      expect(parsed[index]?.slice(0, 2)).toEqual([name, message]);
    });
    expect(parsed).toHaveLength(500);
    expect(kept).toBeGreaterThan(100);
  });
});
