// The graph as text, dot and Mermaid: the exact output, and that no name can break out of its place.
import { expect, test } from 'vitest';
import { buildGraph, formatGraph, type GraphFormat } from '../../src/graph/index.js';
import type { JobSpec } from '../../src/model/job-spec.js';
import { makeSpec } from '../support/job-spec.js';

function show(jobs: readonly JobSpec[], format: GraphFormat): string {
  const graph = buildGraph({ jobs, locate: () => undefined }, { backends: new Set() });
  return [...formatGraph(graph, format)].join('');
}

const JOBS = [
  makeSpec('build', { target: 'build' }),
  makeSpec('test/1', { dependencies: ['build'] }),
  makeSpec('test/2', { dependencies: ['build'] }),
  makeSpec('merge', {
    target: 'cov_merge',
    dependencies: ['test/1', 'test/2'],
    needsAllDependenciesPassing: false,
  }),
];

const HOSTILE = [
  makeSpec('a"];\nj9 -> j9 [label="\\', { target: 'run\u001b[31m' }),
  makeSpec('<b>&#`\u0007', { dependencies: ['a"];\nj9 -> j9 [label="\\'] }),
];

test('text', () => {
  expect(show(JOBS, 'text')).toBe(
    [
      '4 jobs: 1 build, 2 run, 1 cov_merge',
      'build      build',
      'run        test/1 <- build',
      'run        test/2 <- build',
      'cov_merge  merge <- any of test/1, test/2',
      '',
    ].join('\n'),
  );
});

test('dot', () => {
  expect(show(JOBS, 'dot')).toBe(
    [
      'digraph regatta {',
      '  rankdir=LR;',
      '  node [shape=box];',
      '  j0 [label="build"];',
      '  j1 [label="test/1"];',
      '  j2 [label="test/2"];',
      '  j3 [label="merge"];',
      '  j0 -> j1;',
      '  j0 -> j2;',
      '  j1 -> j3 [style=dashed];',
      '  j2 -> j3 [style=dashed];',
      '}',
      '',
    ].join('\n'),
  );
});

test('mermaid', () => {
  expect(show(JOBS, 'mermaid')).toBe(
    [
      'flowchart LR',
      '  j0["build"]',
      '  j1["test/1"]',
      '  j2["test/2"]',
      '  j3["merge"]',
      '  j0 --> j1',
      '  j0 --> j2',
      '  j1 -.-> j3',
      '  j2 -.-> j3',
      '',
    ].join('\n'),
  );
});

test('hostile names stay in their places', () => {
  expect(show(HOSTILE, 'text')).toBe(
    [
      '2 jobs: 1 run\\u001b[31m, 1 run',
      'run\\u001b[31m  a"];\\nj9 -> j9 [label="\\',
      'run            <b>&#`\\u0007 <- a"];\\nj9 -> j9 [label="\\',
      '',
    ].join('\n'),
  );
  expect(show(HOSTILE, 'dot').split('\n').slice(3)).toEqual([
    String.raw`  j0 [label="a\"];\\nj9 -> j9 [label=\"\\"];`,
    String.raw`  j1 [label="<b>&#` + '`' + String.raw`\\u0007"];`,
    '  j0 -> j1;',
    '}',
    '',
  ]);
  expect(show(HOSTILE, 'mermaid').split('\n').slice(1)).toEqual([
    String.raw`  j0["a#34;];\nj9 -#62; j9 [label=#34;\"]`,
    String.raw`  j1["#60;b#62;#38;#35;#96;\u0007"]`,
    '  j0 --> j1',
    '',
  ]);
});

test('no jobs', () => {
  expect(show([], 'text')).toBe('0 jobs: \n');
  expect(show([], 'mermaid')).toBe('flowchart LR\n');
});
