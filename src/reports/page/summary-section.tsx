// The section of counts: of the run, of each block and of each target, each a link to its jobs.
import type { JSX } from 'preact';
import type { WiredGroup } from '../page-wire.js';
import type { Facet } from './job-filter.js';
import { Section } from './parts.js';
import { placeOfJobs } from './place.js';
import { run } from './store.js';
import { formatSeconds, formatShare, showControls } from './words.js';

const STATUSES = ['passed', 'failed', 'killed'] as const;

/** The section. */
export function SummarySection(): JSX.Element {
  return (
    <Section id="summary" title="Summary">
      <Totals />
      <div class="groups">
        <Groups title="Blocks" facet="block" groups={run.blocks} />
        <Groups title="Targets" facet="target" groups={run.targets} />
      </div>
    </Section>
  );
}

function Totals(): JSX.Element {
  const { total, passed, failed, killed } = run.counts;
  const rest = total - passed - failed - killed;
  const parts = [...STATUSES.map((status) => [status, run.counts[status]] as const), ['rest', rest] as const];
  return (
    <>
      <ul class="totals">
        <li>
          <a href={placeOfJobs({})}>
            <b>{total}</b> jobs
          </a>
        </li>
        {STATUSES.map((status) => (
          <li key={status} class={run.counts[status] > 0 ? status : undefined}>
            <a href={placeOfJobs({ status })}>
              <b>{run.counts[status]}</b> {status}
            </a>
          </li>
        ))}
        {rest > 0 && (
          <li>
            <b>{rest}</b> not ended
          </li>
        )}
      </ul>
      <div class="share" aria-hidden="true">
        {parts.map(([name, count]) => (
          <span key={name} class={name} style={{ flexGrow: count }} />
        ))}
      </div>
    </>
  );
}

function Groups(props: {
  readonly title: string;
  readonly facet: Facet;
  readonly groups: readonly WiredGroup[];
}): JSX.Element | null {
  const { title, facet, groups } = props;
  if (groups.length === 0) return null;
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={title}>
      <table>
        <caption>
          {title} ({groups.length})
        </caption>
        <thead>
          <tr>
            <th scope="col">{facet}</th>
            {['jobs', ...STATUSES, 'pass rate', 'longest'].map((name) => (
              <th key={name} scope="col" class="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.name}>
              <th scope="row">
                <a href={placeOfJobs({ [facet]: group.name })}>{showControls(group.name)}</a>
              </th>
              <td class="number">{group.total}</td>
              {STATUSES.map((status) => (
                <td key={status} class={`number ${group[status] > 0 ? status : 'none'}`}>
                  {group[status] > 0 && status !== 'passed' ? (
                    <a href={placeOfJobs({ [facet]: group.name, status })}>{group[status]}</a>
                  ) : (
                    group[status]
                  )}
                </td>
              ))}
              <td class="number">{formatShare(group.passed, group.total)}</td>
              <td class="number" title={`${group.longestS} s`}>
                {formatSeconds(group.longestS)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
