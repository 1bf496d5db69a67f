// What the part of the address behind the # means: which section, which jobs, which job or bucket. Pure.
import type { Facet, Filter, Sort, SortField } from './job-filter.js';
import { FACETS } from './job-filter.js';

/** Sections of the page, in their order. */
export const SECTIONS = [
  ...(['summary', 'failures', 'messages', 'coverage', 'testplan'] as const),
  ...(['jobs', 'timeline', 'time', 'run'] as const),
] as const;

/** One of {@link SECTIONS}. */
export type Section = (typeof SECTIONS)[number];

/** A place on the page that an address can point at. */
export interface Place {
  readonly section: Section;
  readonly filter: Filter;
  readonly sort: Sort;
  /** Full name of the job that is shown in full; null for none. */
  readonly job: string | null;
  /** Signature of the bucket to unfold; null for none. */
  readonly bucket: string | null;
}

/** Where a page begins. */
export const START: Place = {
  section: 'summary',
  filter: { facets: {}, search: '' },
  sort: { field: 'order', isDown: false },
  job: null,
  bucket: null,
};

const SORT_FIELDS: ReadonlySet<string> = new Set<SortField>([
  'order',
  'name',
  'status',
  'block',
  'target',
  'backend',
  'seed',
  'queuedS',
  'runtimeS',
]);

/** @param hash - With or without its `#`; what it does not say, or says wrongly, is as at the start. */
export function parsePlace(hash: string): Place {
  const [, name = '', query = ''] = /^#?([^?]*)(?:\?(.*))?$/s.exec(hash) ?? [];
  const given = new URLSearchParams(query);
  const facets = FACETS.flatMap((facet) => {
    const value = given.get(facet);
    return value === null ? [] : [[facet, value] as const];
  });
  const section = SECTIONS.find((known) => known === name) ?? START.section;
  const job = given.get('job');
  // Only the list of jobs is narrowed; among failures `bucket` unfolds one.
  if (section !== 'jobs') {
    return { ...START, section, job, bucket: section === 'failures' ? given.get('bucket') : null };
  }
  const filter = { facets: Object.fromEntries(facets), search: given.get('q') ?? '' };
  return { section, filter, sort: parseSort(given.get('sort')), job, bucket: null };
}

function parseSort(text: string | null): Sort {
  const field = text?.replace(/^-/, '') ?? '';
  if (!SORT_FIELDS.has(field)) return START.sort;
  return { field: field as SortField, isDown: text?.startsWith('-') ?? false };
}

/** The `#...` that leads to a place; of what is left out, as at the start. */
export function formatPlace(place: Partial<Place>): string {
  const { section, filter, sort, job, bucket } = { ...START, ...place };
  const query = new URLSearchParams();
  if (section === 'jobs') {
    for (const facet of FACETS) {
      const value = filter.facets[facet];
      if (value !== undefined) query.set(facet, value);
    }
    if (filter.search !== '') query.set('q', filter.search);
    if (sort.field !== 'order' || sort.isDown) query.set('sort', `${sort.isDown ? '-' : ''}${sort.field}`);
  }
  if (section === 'failures' && bucket !== null) query.set('bucket', bucket);
  if (job !== null) query.set('job', job);
  return `#${section}${query.size === 0 ? '' : `?${query.toString()}`}`;
}

/** The address of the jobs with these values. */
export function placeOfJobs(facets: Readonly<Partial<Record<Facet, string>>>): string {
  return formatPlace({ section: 'jobs', filter: { facets, search: '' } });
}

/** The address of one job. */
export function placeOfJob(fullName: string): string {
  return formatPlace({ section: 'jobs', job: fullName });
}
