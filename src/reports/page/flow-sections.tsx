// The sections that only runs of flow configs have: messages of tools, coverage, testplans.
import type { JSX } from 'preact';
import { Section } from './parts.js';
import { FoldedTable, TableView } from './report-table.js';
import { run } from './store.js';

/** Results of lint and its kin. */
export function MessagesSection(): JSX.Element {
  return (
    <Section id="messages" title="Messages of tools">
      {run.tables.messages.map((table) => (
        <TableView key={table.title} table={table} />
      ))}
    </Section>
  );
}

/** Coverage of each block. */
export function CoverageSection(): JSX.Element {
  return (
    <Section id="coverage" title="Coverage">
      {run.tables.coverage.map((table) => (
        <TableView key={table.title} table={table} isTitled={false} />
      ))}
    </Section>
  );
}

/** Progress of all testplans, and each of them behind its name. */
export function TestplanSection(): JSX.Element {
  const [overview, ...blocks] = run.tables.testplan;
  return (
    <Section id="testplan" title="Testplan">
      {overview !== undefined && <TableView table={overview} />}
      {blocks.map((table) => (
        <FoldedTable key={table.title} table={table} />
      ))}
    </Section>
  );
}
