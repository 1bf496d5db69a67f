// The page's state: the run it shows and the place it is at, which is also its address. Knows no markup.
import { computed, signal } from '@preact/signals';
import type { Facet } from './job-filter.js';
import { JobChooser, sortJobs } from './job-filter.js';
import type { Place } from './place.js';
import { formatPlace, parsePlace, START } from './place.js';
import type { RunData } from './run-data.js';
import { readRunData } from './run-data.js';

/** The run of the page. */
export const run: RunData = readRunData(document.getElementById('run-data')?.textContent ?? '');

const chooser = new JobChooser(run);

/** Where the reader is. */
export const place = signal<Place>(parsePlace(location.hash));

/** How the list of jobs is narrowed and ordered. */
export const filter = computed(() => place.value.filter);
export const sort = computed(() => place.value.sort);

/** What the filter leaves, and the values it could be narrowed by. */
export const choice = computed(() => chooser.choose(filter.value));

/** The jobs to list, in the order to list them. */
export const listed = computed(() => sortJobs(run, choice.value.jobs, sort.value));

const indexOf = new Map(run.fullName.map((name, job) => [name, job]));

/** The job that is shown in full; undefined for none. */
export const openJob = computed(() => (place.value.job === null ? undefined : indexOf.get(place.value.job)));

/** Changes the place without a step in the browser's history: a letter typed is no step back. */
export function move(to: Partial<Place>): void {
  place.value = { ...place.value, ...to };
  history.replaceState(null, '', formatPlace(place.value));
}

/** Narrows by a value of a facet; undefined takes the choice back. */
export function chooseFacet(facet: Facet, value: string | undefined): void {
  const others = Object.entries(filter.value.facets).filter(([name]) => name !== facet);
  const facets = Object.fromEntries(value === undefined ? others : [...others, [facet, value]]);
  move({ section: 'jobs', filter: { ...filter.value, facets } });
}

/** Narrows by words. */
export function search(words: string): void {
  move({ section: 'jobs', filter: { ...filter.value, search: words } });
}

/** Lists every job again. */
export function clearFilter(): void {
  move({ section: 'jobs', filter: START.filter });
}

/** Goes where the address says, now and whenever a link changes it. */
export function followAddress(): void {
  const show = (): void => document.getElementById(place.value.section)?.scrollIntoView();
  window.addEventListener('hashchange', () => {
    const next = parsePlace(location.hash);
    // A link to another section leaves the list of jobs as it is.
    place.value = next.section === 'jobs' ? next : { ...next, filter: filter.value, sort: sort.value };
    show();
  });
  if (place.value.section !== START.section) show();
}
