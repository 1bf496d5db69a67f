// A job list as one JSON document: `{"jobs": [...]}`, or the bare list. Knows no field of a job.
import { constants } from 'node:buffer';
import type { Origin } from '../model/job-spec.js';
import { UserError, type Problem } from '../model/problem.js';
import { nearestName, suggestName } from '../util/nearest.js';
import { isForeignField } from './check-fields.js';
import { readJsonFacts } from './json-facts.js';
import { LineCounter, type Place } from './line-counter.js';
import { locatePaths } from './locate-paths.js';
import type { RawJobs, Spot } from './raw-jobs.js';
import { findTextProblems, malformedText } from './text-problems.js';
import { walkJson, type Segment } from './walk-json.js';

/** DVSim's dumps have `command` and `count`, and editors look for `$schema`; all but `jobs` are ignored. */
const KNOWN_FIELDS = ['jobs', 'command', 'count', '$schema'];

/** Jobs in a document. */
export class JobDocument implements RawJobs {
  readonly #bytes: Buffer;
  readonly #file: string;
  /** Name of the member that holds the jobs; undefined: the document itself is the list. */
  #list: string | undefined;

  /** @param bytes - UTF-8 without a byte order mark. */
  constructor(bytes: Buffer, file: string) {
    this.#bytes = bytes;
    this.#file = file;
  }

  read(report: (problem: Problem) => void): Iterable<unknown> {
    const text = this.#decode();
    const placed = { text, file: this.#file, firstLine: 1 };
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new UserError(malformedText(placed, error));
    }
    for (const problem of findTextProblems(placed, readJsonFacts(this.#bytes, 0, this.#bytes.length), value))
      report(problem);
    if (Array.isArray(value)) return value as unknown[];
    this.#list = 'jobs';
    return this.#findJobs(value, report);
  }

  #findJobs(document: unknown, report: (problem: Problem) => void): Iterable<unknown> {
    const fields = typeof document === 'object' && document !== null ? document : {};
    const { jobs } = fields as { jobs?: unknown };
    if (!Array.isArray(jobs)) throw new UserError(describeNoJobs(Object.keys(fields), this.#file));
    this.#reportUnknown(Object.keys(fields), report);
    return jobs as unknown[];
  }

  #reportUnknown(names: readonly string[], report: (problem: Problem) => void): void {
    const unknown = names.filter((name) => !KNOWN_FIELDS.includes(name) && !isForeignField(name));
    if (unknown.length === 0) return;
    const places = locatePaths(
      this.#decode(),
      unknown.map((name) => [name]),
    );
    for (const [at, name] of unknown.entries()) {
      report({ ...describeUnknown(name), origin: { file: this.#file, ...places[at] } });
    }
  }

  locate(spots: readonly Spot[]): Origin[] {
    const base = this.#list === undefined ? [] : [this.#list];
    const paths = spots.map(({ job, path }) => [...base, job, ...path]);
    return locatePaths(this.#decode(), paths).map((place) => ({ file: this.#file, ...place }));
  }

  /** Holds on to the bytes, and to the places of all jobs from the first call on. */
  jobLocator(): (job: number) => Origin | undefined {
    let places: Place[] | undefined;
    return (job) => {
      places ??= locateItems(this.#decode(), this.#list);
      const place = places[job];
      return place === undefined ? undefined : { file: this.#file, ...place };
    };
  }

  #decode(): string {
    if (this.#bytes.length > constants.MAX_STRING_LENGTH) {
      throw new UserError({
        code: 'input-too-large',
        message: `a document of ${Math.round(this.#bytes.length / 1e6)} MB is more than can be read at once`,
        origin: { file: this.#file },
        hint: 'write one job a line, to a file called *.jsonl',
      });
    }
    return this.#bytes.toString('utf8');
  }
}

function describeNoJobs(names: readonly string[], file: string): Problem {
  const nearest = nearestName('jobs', names);
  return {
    code: 'no-jobs',
    message: 'there is no list of jobs',
    origin: { file },
    hint:
      nearest === undefined || nearest === 'jobs'
        ? 'write {"jobs": [...]}, or one job a line in a file called *.jsonl'
        : `did you mean "jobs" by "${nearest}"?`,
  };
}

function describeUnknown(name: string): Problem {
  return {
    code: 'unknown-field',
    message: `the document has the unknown field "${name}"`,
    hint: suggestName(name, KNOWN_FIELDS) ?? 'a field of your own is called x_...',
  };
}

/** Places of the items of the outermost value, or of its member `name`. */
function locateItems(text: string, name: string | undefined): Place[] {
  const counter = new LineCounter(text);
  const places: Place[] = [];
  const depthOfItems = name === undefined ? 1 : 2;
  let depth = 0;
  let member: Segment;
  walkJson(text, {
    begin: (segment, offset) => {
      if (depth === 1) member = segment;
      if (depth === depthOfItems && (name === undefined || member === name)) {
        places.push(counter.placeAt(offset));
      }
      depth++;
    },
    end: () => depth--,
  });
  return places;
}
