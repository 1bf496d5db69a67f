// Pins the page of Markdown: worst first, bounded, and no text of a run that could change its layout.
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { formatMarkdown } from '../../src/reports/markdown.js';
import type { ReportView } from '../../src/reports/report-view.js';
import { failedWith, makeJobResult } from '../support/job-result.js';
import { makeFacts, makeView } from '../support/report-view.js';

const render = (view: ReportView): string => [...formatMarkdown(view)].join('');

describe('formatMarkdown', () => {
  test('shows totals, failures with their log and command, groups and facts', () => {
    const view = makeView(
      [
        makeJobResult('build', { target: 'build', block: 'uart', job_runtime_s: 70 }),
        makeJobResult('t1', {
          ...failedWith('mismatch', { line: 7 }),
          block: 'uart',
          job_runtime_s: 3,
          seed: 11,
        }),
        makeJobResult('t2', {
          ...failedWith('mismatch', { line: 9, context: ['exp 1', 'act 2'] }),
          block: 'uart',
          job_runtime_s: 2,
          seed: 12,
        }),
        makeJobResult('t3'),
      ],
      {
        notices: ['results.json ends before its end'],
        facts: makeFacts({
          command: ['run', 'a b.hjson', '-mp', '4'],
          host: 'farm7',
          git: { commit: 'c0ffee', branch: 'main', dirty: true },
          tools: [
            { name: 'icarus', version: '11.0' },
            { name: 'verilator', version: '' },
          ],
          resources: { VCS: 2 },
        }),
      },
    );
    expect(render(view)).toBe(`# Regatta run \`run-1\`

Started 2026-11-24T08:00:00.000Z, took 10s (10 s), exit code 0.

> **Note:** results.json ends before its end

| jobs | passed | failed | killed | not ended |
| ---: | ---: | ---: | ---: | ---: |
| 4 | 2 | 2 | 0 | 0 |

## Failures

### 1. \`mismatch\`: 2 jobs

- \`t2\` (seed 12): \`mismatch\`
- log: \`/scratch/t2/run.log:9\`
- again: \`again t2\`

\`\`\`text
mismatch
exp 1
act 2
\`\`\`

Also: \`t1\` (seed 11).

## Blocks

| block | jobs | passed | failed | killed | longest, s |
| --- | ---: | ---: | ---: | ---: | ---: |
| \`uart\` | 3 | 1 | 2 | 0 | 70 |

## Targets

| target | jobs | passed | failed | killed | longest, s |
| --- | ---: | ---: | ---: | ---: | ---: |
| \`build\` | 1 | 1 | 0 | 0 | 70 |
| \`run\` | 3 | 1 | 2 | 0 | 3 |

## Run

| fact | value |
| --- | --- |
| command | \`regatta run 'a b.hjson' -mp 4\` |
| revision | \`c0ffee on main, with changes that are not committed\` |
| tools | \`icarus 11.0, verilator\` |
| host | \`farm7\` |
| resources | \`VCS: 2\` |

`);
  });

  test('says when the run has not ended', () => {
    const view = makeView([makeJobResult('a')]);
    const counts = { total: 9, passed: 1, failed: 0, killed: 0 };
    const results = { ...view.results, makespan_s: null, ended_at: null, exit_code: null, counts };
    const text = render({ ...view, results });
    expect(text).toContain('Started 2026-11-24T08:00:00.000Z, has not ended.');
    expect(text).toContain('| 9 | 1 | 0 | 0 | 8 |');
  });

  test('stays a page, and says what it left out', () => {
    const jobs = Array.from({ length: 3000 }, (_, i) =>
      makeJobResult(`j${i}`, failedWith(`cause ${i % 100}`)),
    );
    const text = render(makeView(jobs));
    expect(text.match(/^### /gm)).toHaveLength(20);
    expect(text).toContain('And 80 more kinds of failure, in 2400 jobs.');
    expect(text).toContain(' and 19 more.');
    expect(text.length).toBeLessThan(20_000);
  });

  test('leaves no text of a run to be read as markup', () => {
    const evil = '`</code>` | <script>alert(1)</script>\n# forged\n```';
    const text = render(
      makeView(
        [
          makeJobResult(evil, {
            ...failedWith(evil, { context: ['```', '# forged'] }),
            block: evil,
            log_path: evil,
          }),
        ],
        { notices: [evil], reproduce: () => evil, facts: makeFacts({ host: evil }) },
      ),
    );
    const html = new MarkdownIt({ html: true, linkify: true }).render(text);
    expect(html).not.toMatch(/<script|<\/code><\/code>/);
    // One title, one failure, one block, one target, one fact, whatever their text.
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html.match(/<h[23]>/g)).toHaveLength(5);
    expect(html.match(/<tr>/g)).toHaveLength(2 + 2 + 2 + 2);
    expect(html.match(/<pre>/g)).toHaveLength(1);
  });
});
