// Parts of the page that show something of one job: its link, its log, the lines that tell of its failure.
import type { JSX } from 'preact';
import { EXCERPT_KEPT, LOG_MISSING } from '../missing-log.js';
import { linkToFile } from './log-link.js';
import { Code, Command } from './parts.js';
import { placeOfJob } from './place.js';
import { logPathOf } from './run-data.js';
import { move, run } from './store.js';
import { showControls } from './words.js';

interface OfJob {
  readonly job: number;
}

/** The name of a job; opens it without leaving the place. */
export function JobLink({ job }: OfJob): JSX.Element {
  const name = run.fullName[job] ?? '';
  const open = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    move({ job: name });
  };
  return (
    <a class="job" href={placeOfJob(name)} onClick={open}>
      {showControls(name)}
    </a>
  );
}

/** Where the log of a job lies: as a link, when it is there. */
export function LogLink({ job }: OfJob): JSX.Element {
  const path = logPathOf(run, job);
  const line = run.numbers.reasonLine(job);
  if (run.missingLogs.has(job)) {
    return (
      <>
        <code class="missing">{nameFile(path, line)}</code> <span class="faint">{LOG_MISSING}</span>
      </>
    );
  }
  return <FileLink path={path} line={line} />;
}

/** A file of the run, as a link where its path is one. */
export function FileLink(props: { readonly path: string; readonly line: number | null }): JSX.Element {
  const href = linkToFile(props.path, { protocol: location.protocol, folder: run.folder });
  const text = nameFile(props.path, props.line);
  return href === null ? <code>{text}</code> : <a href={href}>{text}</a>;
}

function nameFile(path: string, line: number | null): string {
  return `${showControls(path)}${line === null ? '' : `:${line}`}`;
}

/** The lines of a job's log that the report holds; nothing where there are none. */
export function Excerpt({ job }: OfJob): JSX.Element | null {
  const lines = run.excerpts.get(job);
  if (lines === undefined) return null;
  const first = run.numbers.reasonLine(job);
  const excerpt = (
    <pre class="excerpt" tabIndex={0} role="group" aria-label="Lines of the log">
      {lines.map((line, i) => (
        <div key={i} class={first !== null && i === 0 ? 'fault' : undefined}>
          {first !== null && <span class="number">{first + i}</span>}
          <span>{showControls(line)}</span>
        </div>
      ))}
    </pre>
  );
  if (!run.missingLogs.has(job)) return excerpt;
  return (
    <>
      <p class="faint">{EXCERPT_KEPT}</p>
      {excerpt}
    </>
  );
}

/** The command that runs a job again; nothing where there is none. */
export function AgainCommand({ job }: OfJob): JSX.Element | null {
  const command = run.commands.get(job);
  return command === undefined ? null : <Command text={command} />;
}

/** The seed of a job in words; nothing where it has none. */
export function Seed({ job }: OfJob): JSX.Element | null {
  const seed = run.numbers.seed(job);
  return seed === null ? null : (
    <span class="seed">
      seed <Code text={String(seed)} />
    </span>
  );
}
