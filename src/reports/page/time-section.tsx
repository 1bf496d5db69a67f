// The section that says where the time, the slots and the resources of the run went.
import type { JSX } from 'preact';
import { Chart } from './chart.js';
import { Section } from './parts.js';
import { FoldedTable, TableView } from './report-table.js';
import { run } from './store.js';

/** The use of slots is shown at once; the rest unfolds. */
export function TimeSection(): JSX.Element {
  const { metrics } = run;
  const [use, ...others] = metrics?.tables ?? [];
  return (
    <Section id="time" title="Time and resources">
      {metrics !== null && (
        <>
          {/* One each: thousands that wait would flatten the curve of the few that run. */}
          <Chart title="Jobs that run" intervalS={metrics.intervalS} curves={metrics.running} />
          <Chart
            title="Jobs that are ready and wait"
            intervalS={metrics.intervalS}
            curves={metrics.waiting}
          />
          {metrics.backends.length > 1 && (
            <Chart title="Slots of each backend" intervalS={metrics.intervalS} curves={metrics.backends} />
          )}
          {metrics.resources.length > 0 && (
            <Chart title="Units of each resource" intervalS={metrics.intervalS} curves={metrics.resources} />
          )}
        </>
      )}
      {use !== undefined && <TableView table={use} />}
      {others.map((table) => (
        <FoldedTable key={table.title} table={table} />
      ))}
    </Section>
  );
}
