// Puts into words how a run was started, one label and one text a fact. Pure; knows no layout.
import type { RunFacts } from '../results/index.js';
import { quoteForShell } from '../util/quote-for-shell.js';

/** One fact: what it is, and its words. */
export type WordedFact = readonly [label: string, text: string];

/** The facts that are known, in the order to show them. */
export function wordFacts(facts: RunFacts): readonly WordedFact[] {
  const { command, git, tools, resources } = facts;
  const worded: [string, string | number | null | undefined][] = [
    ['command', command && ['regatta', ...command].map(quoteForShell).join(' ')],
    ['directory', facts.cwd],
    ['input', facts.input],
    ['revision', git && wordRevision(git)],
    ['tools', tools && tools.map(({ name, version }) => `${name} ${version}`.trim()).join(', ')],
    ['host', facts.host],
    ['regatta', facts.regatta_version],
    ['node', facts.node_version],
    ['slots', facts.max_parallel],
    ['resources', resources && wordResources(resources)],
    ['default backend', facts.default_backend],
    ['scratch root', facts.scratch_root],
  ];
  return worded.flatMap(([label, text]) =>
    text === null || text === undefined || text === '' ? [] : [[label, String(text)] as const],
  );
}

function wordRevision({ commit, branch, dirty }: NonNullable<RunFacts['git']>): string {
  return `${commit}${branch === null ? '' : ` on ${branch}`}${dirty ? ', with changes that are not committed' : ''}`;
}

function wordResources(resources: Readonly<Record<string, number>>): string {
  return Object.entries(resources)
    .map(([name, units]) => `${name}: ${units}`)
    .join(', ');
}
