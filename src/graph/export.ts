// Shows a graph as text, Graphviz dot or Mermaid. The job list itself, as JSON, is the wire format's business.
import { escapeControls } from '../model/problem.js';
import { unreachable } from '../util/unreachable.js';
import { rowOf, type JobGraph } from './graph.js';

/** Forms a graph can be shown in. */
export type GraphFormat = 'text' | 'dot' | 'mermaid';

/** The graph, in pieces that together are the whole text. Jobs are in declaration order. */
export function formatGraph(graph: JobGraph, format: GraphFormat): Generator<string> {
  switch (format) {
    case 'text':
      return formatText(graph);
    case 'dot':
      return formatDot(graph);
    case 'mermaid':
      return formatMermaid(graph);
    default:
      return unreachable(format);
  }
}

/** A line a job, `target full_name <- dependencies`, after a line a target that counts its jobs. */
function* formatText(graph: JobGraph): Generator<string> {
  const counts = new Map<string, number>();
  for (const { target } of graph.jobs) counts.set(target, (counts.get(target) ?? 0) + 1);
  const width = Math.max(0, ...[...counts.keys()].map((target) => escapeControls(target).length));
  const perTarget = [...counts].map(([target, count]) => `${count} ${escapeControls(target)}`);
  yield `${graph.jobs.length} ${graph.jobs.length === 1 ? 'job' : 'jobs'}: ${perTarget.join(', ')}\n`;
  for (const [job, spec] of graph.jobs.entries()) {
    const names = [...rowOf(graph.dependencies, job)].map((dep) => graph.jobs[dep]!.fullName);
    const needs = spec.needsAllDependenciesPassing ? '<-' : '<- any of';
    const target = escapeControls(spec.target).padEnd(width);
    yield escapeControls(
      `${target}  ${spec.fullName}${names.length > 0 ? ` ${needs} ${names.join(', ')}` : ''}`,
    );
    yield '\n';
  }
}

/** Boxes by index, so that no name can break the syntax; names are quoted labels. */
function* formatDot(graph: JobGraph): Generator<string> {
  yield 'digraph regatta {\n  rankdir=LR;\n  node [shape=box];\n';
  for (const [job, spec] of graph.jobs.entries()) {
    const label = escapeControls(spec.fullName).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
    yield `  j${job} [label="${label}"];\n`;
  }
  for (const [job, spec] of graph.jobs.entries()) {
    const style = spec.needsAllDependenciesPassing ? '' : ' [style=dashed]';
    for (const dep of rowOf(graph.dependencies, job)) yield `  j${dep} -> j${job}${style};\n`;
  }
  yield '}\n';
}

function* formatMermaid(graph: JobGraph): Generator<string> {
  yield 'flowchart LR\n';
  for (const [job, spec] of graph.jobs.entries()) {
    yield `  j${job}["${escapeMermaid(spec.fullName)}"]\n`;
  }
  for (const [job, spec] of graph.jobs.entries()) {
    const arrow = spec.needsAllDependenciesPassing ? '-->' : '-.->';
    for (const dep of rowOf(graph.dependencies, job)) yield `  j${dep} ${arrow} j${job}\n`;
  }
}

/** Mermaid reads HTML in labels; it takes characters by their number as `#nn;`. */
function escapeMermaid(text: string): string {
  return escapeControls(text).replace(/["#<>&`]/g, (char) => `#${char.charCodeAt(0)};`);
}
