// The panel that shows one job in full, beside whatever the reader was looking at.
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { AgainCommand, Excerpt, LogLink } from './job-parts.js';
import { Code, StatusBadge } from './parts.js';
import { formatPlace, placeOfJob } from './place.js';
import type { NumberField, TextField } from './run-data.js';
import { textOf } from './run-data.js';
import { move, openJob, place, run } from './store.js';
import { formatSeconds, formatTime, showControls } from './words.js';

const TEXTS: readonly (readonly [string, TextField])[] = [
  ['test', 'name'],
  ['block', 'block'],
  ['target', 'target'],
  ['tool', 'tool'],
  ['backend', 'backend'],
  ['signal', 'signal'],
];

const NUMBERS: readonly (readonly [string, NumberField, string])[] = [
  ['seed', 'seed', ''],
  ['attempts', 'attempts', ''],
  ['exit code', 'exitCode', ''],
  ['queued', 'queuedS', ' s'],
  ['ran', 'runtimeS', ' s'],
  ['simulated', 'simulatedUs', ' µs'],
  ['CPU time', 'cpuS', ' s'],
  ['memory', 'maxRssKib', ' KiB'],
];

/** The panel; nothing while no job is open. */
export function JobPanel(): JSX.Element | null {
  const job = openJob.value;
  if (job !== undefined) return <OpenJob key={job} job={job} />;
  const { job: name } = place.value;
  return name === null ? null : (
    <Frame title={name}>
      <p>There is no such job in this report.</p>
    </Frame>
  );
}

/** Takes the keyboard while it is open, and gives it back. */
function Frame(props: {
  readonly title: string;
  readonly children: JSX.Element | JSX.Element[];
}): JSX.Element {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const close = (): void => move({ job: null });
  return (
    <div
      ref={panel}
      class="panel"
      role="dialog"
      aria-label={props.title}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <div class="title">
        <h2>{showControls(props.title)}</h2>
        <button type="button" onClick={close} aria-label="Close">
          ✕
        </button>
      </div>
      {props.children}
    </div>
  );
}

function OpenJob({ job }: { readonly job: number }): JSX.Element {
  const name = run.fullName[job] ?? '';
  const message = textOf(run, 'reasonMessage', job);
  const bucket = run.buckets[run.bucket[job] ?? -1];
  return (
    <Frame title={name}>
      <p>
        <StatusBadge status={textOf(run, 'status', job) ?? ''} />{' '}
        {message !== null && <span class="message">{showControls(message)}</span>}
      </p>
      <Excerpt job={job} />
      <dl>
        <Fact label="log">
          <LogLink job={job} />
        </Fact>
        {run.commands.has(job) && (
          <Fact label="again">
            <AgainCommand job={job} />
          </Fact>
        )}
        {bucket !== undefined && (
          <Fact label="failure">
            <a href={formatPlace({ section: 'failures', bucket: bucket.signature })}>
              {bucket.count} × <Code text={bucket.signature} />
            </a>
          </Fact>
        )}
        {TEXTS.map(([label, field]) => (
          <TextFact key={label} label={label} text={textOf(run, field, job)} />
        ))}
        {NUMBERS.map(([label, field, unit]) => {
          const value = run.numbers[field](job);
          return <TextFact key={label} label={label} text={value === null ? null : `${value}${unit}`} />;
        })}
        <TextFact label="started" text={wordTime(run.numbers.startedMs(job))} />
        <TextFact label="ended" text={wordTime(run.numbers.endedMs(job))} />
        <TextFact label="directory" text={run.odir[job] ?? null} />
        <Fact label="address">
          <a href={placeOfJob(name)}>Link to this job</a>
        </Fact>
      </dl>
    </Frame>
  );
}

function wordTime(afterMs: number | null): string | null {
  if (afterMs === null) return null;
  return `${formatTime(run.startedAt, afterMs)} (${formatSeconds(afterMs / 1000)} into the run)`;
}

function Fact(props: { readonly label: string; readonly children: JSX.Element }): JSX.Element {
  return (
    <>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </>
  );
}

function TextFact({
  label,
  text,
}: {
  readonly label: string;
  readonly text: string | null;
}): JSX.Element | null {
  if (text === null || text === '') return null;
  return (
    <Fact label={label}>
      <Code text={text} />
    </Fact>
  );
}
