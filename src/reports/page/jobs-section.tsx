// The section of all jobs: a table of those the filters leave, of which only the rows in sight are drawn.
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { SortField } from './job-filter.js';
import { JobFilters } from './job-filters.js';
import { JobLink } from './job-parts.js';
import { Section, StatusBadge } from './parts.js';
import { textOf } from './run-data.js';
import { listed, move, openJob, run, sort } from './store.js';
import { useVirtualRows } from './virtual-rows.js';
import { formatSeconds, showControls } from './words.js';

/** As in the style sheet. */
const ROW_PX = 28;

/** Rows that are printed: paper does not scroll. */
const PRINTED_ROWS = 200;

interface Column {
  readonly title: string;
  readonly sort: SortField | null;
  readonly isNumber?: boolean;
  readonly show: (job: number) => JSX.Element | string | number | null;
}

const text = (field: 'block' | 'target' | 'backend' | 'reasonMessage') => (job: number) =>
  showControls(textOf(run, field, job) ?? '');

const COLUMNS: readonly Column[] = [
  {
    title: 'status',
    sort: 'status',
    show: (job) => <StatusBadge status={textOf(run, 'status', job) ?? ''} />,
  },
  { title: 'job', sort: 'name', show: (job) => <JobLink job={job} /> },
  { title: 'block', sort: 'block', show: text('block') },
  { title: 'target', sort: 'target', show: text('target') },
  { title: 'backend', sort: 'backend', show: text('backend') },
  { title: 'seed', sort: 'seed', isNumber: true, show: (job) => run.numbers.seed(job) },
  {
    title: 'queued',
    sort: 'queuedS',
    isNumber: true,
    show: (job) => formatSeconds(run.numbers.queuedS(job)),
  },
  { title: 'ran', sort: 'runtimeS', isNumber: true, show: (job) => formatSeconds(run.numbers.runtimeS(job)) },
  { title: 'reason', sort: null, show: text('reasonMessage') },
];

/** The section. */
export function JobsSection(): JSX.Element {
  return (
    <Section id="jobs" title="Jobs">
      <JobFilters />
      <JobTable />
      <PrintedTable />
    </Section>
  );
}

function JobTable(): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const jobs = listed.value;
  const rows = useVirtualRows(jobs.length, ROW_PX, () => scroller.current);
  useLayoutEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [jobs]);
  return (
    <div
      class="jobs"
      ref={scroller}
      role="table"
      aria-label="Jobs"
      aria-rowcount={jobs.length + 1}
      tabIndex={0}
    >
      <div role="rowgroup" class="head">
        <div role="row" aria-rowindex={1}>
          {COLUMNS.map((column) => (
            <Heading key={column.title} column={column} />
          ))}
        </div>
      </div>
      <div role="rowgroup" style={{ height: `${rows.totalPx}px` }}>
        {rows.items.map(({ index, start }) => (
          <JobRow key={jobs[index] ?? -1} job={jobs[index] ?? -1} index={index} topPx={start} />
        ))}
      </div>
      {jobs.length === 0 && <p class="nothing">No job is like that.</p>}
    </div>
  );
}

function Heading({ column: { title, sort: field, isNumber } }: { readonly column: Column }): JSX.Element {
  const { field: by, isDown } = sort.value;
  const isBy = field !== null && by === field;
  const order = isBy ? (isDown ? 'descending' : 'ascending') : 'none';
  const turn = (): void => {
    if (field !== null) move({ section: 'jobs', sort: { field, isDown: isBy && !isDown } });
  };
  return (
    <div role="columnheader" class={isNumber === true ? 'number' : undefined} aria-sort={order}>
      {field === null ? (
        title
      ) : (
        <button type="button" onClick={turn}>
          {title}
          <span aria-hidden="true">{isBy ? (isDown ? ' ▼' : ' ▲') : ''}</span>
        </button>
      )}
    </div>
  );
}

function JobRow(props: {
  readonly job: number;
  readonly index: number;
  readonly topPx: number;
}): JSX.Element {
  const { job, index, topPx } = props;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      class={openJob.value === job ? 'row open' : 'row'}
      style={{ transform: `translateY(${topPx}px)` }}
    >
      {COLUMNS.map(({ title, isNumber, show }) => (
        <div key={title} role="cell" class={isNumber === true ? 'number' : undefined}>
          {show(job)}
        </div>
      ))}
    </div>
  );
}

/** The same on paper, as far as it goes. */
function PrintedTable(): JSX.Element {
  const jobs = listed.value;
  const more = jobs.length - PRINTED_ROWS;
  return (
    <div class="printed" aria-hidden="true">
      <table>
        <thead>
          <tr>
            {COLUMNS.map(({ title }) => (
              <th key={title}>{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from(jobs.subarray(0, PRINTED_ROWS), (job) => (
            <tr key={job}>
              {COLUMNS.map(({ title, show }) => (
                <td key={title}>{title === 'job' ? showControls(run.fullName[job] ?? '') : show(job)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p>and {more} more</p>}
    </div>
  );
}
