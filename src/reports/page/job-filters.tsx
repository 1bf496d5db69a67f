// The controls that narrow the list of jobs: a choice for each facet, and a field for words.
import type { JSX } from 'preact';
import type { Facet } from './job-filter.js';
import { FACETS } from './job-filter.js';
import { choice, chooseFacet, clearFilter, filter, listed, run, search } from './store.js';
import { formatCount, showControls } from './words.js';

/** Longer values are cut, so that a choice is not as wide as the page. */
const MAX_CHARS = 80;

/** A choice of thousands helps nobody find anything; words do. The rest is counted. */
const MAX_VALUES = 500;

/** The controls, and how many jobs they leave. */
export function JobFilters(): JSX.Element {
  const isNarrowed = filter.value.search !== '' || Object.keys(filter.value.facets).length > 0;
  return (
    <form class="filters" role="search" aria-label="Filter jobs" onSubmit={(event) => event.preventDefault()}>
      <label class="words">
        words
        <input
          type="search"
          name="search"
          value={filter.value.search}
          placeholder="name, seed, message"
          onInput={(event) => search(event.currentTarget.value)}
        />
      </label>
      {FACETS.map((facet) => (
        <FacetChoice key={facet} facet={facet} />
      ))}
      <output>
        {listed.value.length} of {formatCount(run.count, 'job')}
      </output>
      <button type="button" disabled={!isNarrowed} onClick={clearFilter}>
        Clear
      </button>
    </form>
  );
}

function FacetChoice({ facet }: { readonly facet: Facet }): JSX.Element {
  const chosen = filter.value.facets[facet];
  const found = choice.value.facets[facet];
  const values = found.slice(0, MAX_VALUES);
  // What is chosen stays in sight, also when it leaves nothing.
  const isHidden = chosen !== undefined && !values.some(({ value }) => value === chosen);
  return (
    <label>
      {facet}
      <select
        name={facet}
        // An option's value is its place: a value may be any text, the empty one too.
        value={chosen === undefined ? 'any' : String(values.findIndex(({ value }) => value === chosen))}
        onChange={(event) => chooseFacet(facet, values[Number(event.currentTarget.value)]?.value)}
      >
        <option value="any">any</option>
        {isHidden && <option value="-1">{`${cut(chosen)} (0)`}</option>}
        {values.map(({ value, count }, i) => (
          <option key={value} value={String(i)}>{`${cut(value)} (${count})`}</option>
        ))}
        {found.length > MAX_VALUES && (
          <option disabled>{`and ${found.length - MAX_VALUES} more: search by words`}</option>
        )}
      </select>
    </label>
  );
}

function cut(text: string): string {
  const shown = showControls(text);
  return shown.length <= MAX_CHARS ? shown : `${shown.slice(0, MAX_CHARS - 1)}…`;
}
