// A table that the maker of the report has laid out: cells with tones, bars, and links to the jobs they speak of.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Cell, ReportTable } from '../report-table.js';
import { placeOfJobs } from './place.js';
import { formatCount, showControls } from './words.js';

/** The table; its title is above it, unless that is said there already. */
export function TableView(props: { readonly table: ReportTable; readonly isTitled?: boolean }): JSX.Element {
  const { table, isTitled = true } = props;
  return (
    <>
      <div class="scroll tall" tabIndex={0} role="group" aria-label={showControls(table.title)}>
        <TableBody table={table} isTitled={isTitled} />
      </div>
      <Notes table={table} />
    </>
  );
}

/** The same behind its title: its rows are made when a reader unfolds it, for there may be thousands. */
export function FoldedTable({ table }: { readonly table: ReportTable }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="folded" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {showControls(table.title)} <span class="faint">{formatCount(table.rows.length, 'row')}</span>
      </summary>
      {isOpen && <TableView table={table} isTitled={false} />}
    </details>
  );
}

function TableBody(props: { readonly table: ReportTable; readonly isTitled: boolean }): JSX.Element {
  const { title, heads, numbers, rows } = props.table;
  const isNumber = heads.map((head) => numbers.includes(head));
  return (
    <table class="report" aria-label={showControls(title)}>
      {props.isTitled && <caption>{showControls(title)}</caption>}
      <thead>
        <tr>
          {heads.map((head, column) => (
            <th key={column} scope="col" class={isNumber[column] === true ? 'number' : undefined}>
              {showControls(head)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((cell, column) => (
              <td key={column} class={classOf(cell, isNumber[column] === true)}>
                <CellView cell={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Notes({ table: { notes } }: { readonly table: ReportTable }): JSX.Element | null {
  if (notes.length === 0) return null;
  return (
    <ul class="notices">
      {notes.map((note, index) => (
        <li key={index}>{showControls(note)}</li>
      ))}
    </ul>
  );
}

function classOf(cell: Cell, isNumber: boolean): string {
  const tone = typeof cell === 'object' ? (cell.tone ?? '') : '';
  return `${isNumber ? 'number' : ''} ${tone}`.trim();
}

function CellView({ cell }: { readonly cell: Cell }): JSX.Element {
  if (typeof cell !== 'object') return <>{showControls(String(cell))}</>;
  const { text, percent, jobs } = cell;
  const shown = showControls(text);
  return (
    <>
      {percent !== undefined && (
        <span class="meter" aria-hidden="true">
          <span style={{ width: `${percent}%` }} />
        </span>
      )}
      {percent !== undefined && <span class="share-text">{shown}</span>}
      {percent === undefined && (jobs === undefined ? shown : <a href={placeOfJobs(jobs)}>{shown}</a>)}
    </>
  );
}
