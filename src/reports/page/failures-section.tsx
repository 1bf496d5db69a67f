// The section of failures: a bucket each, unfolding to its representative's log, command and all its members.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { WiredBucket, WiredRepro } from '../page-wire.js';
import { AgainCommand, Excerpt, FileLink, JobLink, LogLink, Seed } from './job-parts.js';
import { Code, Section } from './parts.js';
import { formatPlace, placeOfJobs } from './place.js';
import { membersOf, textOf } from './run-data.js';
import { place, run } from './store.js';
import { formatCount, showControls } from './words.js';

/** Buckets and members that are drawn at first, and with each wish for more. */
const BUCKETS_AT_ONCE = 50;
const MEMBERS_AT_ONCE = 20;
const MORE_MEMBERS = 500;

/** The section; a line when nothing failed. */
export function FailuresSection(): JSX.Element {
  const wanted = run.buckets.findIndex(({ signature }) => signature === place.value.bucket);
  const [shown, setShown] = useState(BUCKETS_AT_ONCE);
  const count = Math.max(shown, wanted + 1);
  const left = run.buckets.length - count;
  return (
    <Section
      id="failures"
      title={run.buckets.length === 0 ? 'Failures' : `Failures of ${formatCount(run.buckets.length, 'kind')}`}
    >
      {run.buckets.length === 0 && <p>Nothing failed.</p>}
      {run.repros !== null && <p>{run.repros}.</p>}
      {run.buckets.slice(0, count).map((bucket, index) => (
        <Bucket
          key={bucket.signature}
          bucket={bucket}
          index={index}
          isOpen={wanted < 0 ? index === 0 : index === wanted}
        />
      ))}
      {left > 0 && (
        <button type="button" class="more" onClick={() => setShown(count + BUCKETS_AT_ONCE)}>
          Show more ({left} left)
        </button>
      )}
      <Gone />
    </Section>
  );
}

/** Failures of earlier runs that are over. */
function Gone(): JSX.Element | null {
  if (run.gone.length === 0) return null;
  return (
    <details class="folded">
      <summary>{formatCount(run.gone.length, 'kind')} of failure gone</summary>
      <ul>
        {run.gone.map(([signature, words]) => (
          <li key={signature}>
            <Code text={signature} /> <span class="faint">{words}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Bucket(props: {
  readonly bucket: WiredBucket;
  readonly index: number;
  readonly isOpen: boolean;
}): JSX.Element {
  const { signature, count, news, repro, representative } = props.bucket;
  return (
    <details class="bucket" open={props.isOpen}>
      <summary>
        <span class="count">{count} ×</span> <Code text={signature} />
        {news?.isNew === true && <span class="badge new">new</span>}
        {repro !== null && <span class={`badge ${repro.outcome}`}>{repro.outcome}</span>}
      </summary>
      <dl>
        {news !== null && (
          <>
            <dt>seen</dt>
            <dd>{news.words}</dd>
          </>
        )}
        <dt>example</dt>
        <dd>
          <JobLink job={representative} /> <Seed job={representative} />
          <div class="message">{showControls(textOf(run, 'reasonMessage', representative) ?? '')}</div>
        </dd>
        <dt>log</dt>
        <dd>
          <LogLink job={representative} />
          <Excerpt job={representative} />
        </dd>
        {run.commands.has(representative) && (
          <>
            <dt>again</dt>
            <dd>
              <AgainCommand job={representative} />
            </dd>
          </>
        )}
        {repro !== null && <Repro repro={repro} />}
        <dt>{formatCount(count, 'job')}</dt>
        <dd>
          <Members index={props.index} />
          <p class="links">
            <a href={placeOfJobs({ bucket: signature })}>List in the table</a>{' '}
            <a href={formatPlace({ section: 'failures', bucket: signature })}>Link to this failure</a>
          </p>
        </dd>
      </dl>
    </details>
  );
}

/** What came of running a job of the bucket again. */
function Repro({ repro }: { readonly repro: WiredRepro }): JSX.Element {
  return (
    <>
      <dt>run again</dt>
      <dd>
        <div class="message">{showControls(repro.words)}</div>
        <div>
          log <FileLink path={repro.logPath} line={null} />
        </div>
        {repro.waves !== null && (
          <div>
            waves <FileLink path={repro.waves} line={null} />
          </div>
        )}
      </dd>
    </>
  );
}

function Members({ index }: { readonly index: number }): JSX.Element {
  const [shown, setShown] = useState(MEMBERS_AT_ONCE);
  const members = membersOf(run, index);
  const left = members.length - shown;
  return (
    <>
      <ul class="members">
        {members.slice(0, shown).map((job) => (
          <li key={job}>
            <JobLink job={job} /> <Seed job={job} />
          </li>
        ))}
      </ul>
      {left > 0 && (
        <button type="button" class="more" onClick={() => setShown(shown + MORE_MEMBERS)}>
          Show more ({left} left)
        </button>
      )}
    </>
  );
}
