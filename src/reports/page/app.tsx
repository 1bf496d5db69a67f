// The page as a whole: its head, the way to its sections, and the sections.
import type { JSX } from 'preact';
import { FailuresSection } from './failures-section.js';
import { CoverageSection, MessagesSection, TestplanSection } from './flow-sections.js';
import { JobPanel } from './job-panel.js';
import { JobsSection } from './jobs-section.js';
import type { Section } from './place.js';
import { SECTIONS } from './place.js';
import { RunSection } from './run-section.js';
import { run } from './store.js';
import { SummarySection } from './summary-section.js';
import { TimeSection } from './time-section.js';
import { TimelineSection } from './timeline-section.js';
import { formatSeconds, showControls } from './words.js';

const SECTION_OF: Readonly<Record<Section, () => JSX.Element>> = {
  summary: SummarySection,
  failures: FailuresSection,
  messages: MessagesSection,
  coverage: CoverageSection,
  testplan: TestplanSection,
  jobs: JobsSection,
  timeline: TimelineSection,
  time: TimeSection,
  run: RunSection,
};

/** Job lists have no testplans, few flows have messages, a run that goes on no figures: what is not there needs no place. */
const shown = SECTIONS.filter(
  (section) =>
    (section !== 'time' || run.metrics !== null) &&
    (!(section in run.tables) || run.tables[section as keyof typeof run.tables].length > 0),
);

/** The page. */
export function App(): JSX.Element {
  return (
    <>
      <header class="page">
        <h1>
          Regatta run <code>{showControls(run.runId)}</code>
        </h1>
        <p>{wordRun()}</p>
        {run.notices.length > 0 && (
          <ul class="notices">
            {run.notices.map((notice, i) => (
              <li key={i}>{showControls(notice)}</li>
            ))}
          </ul>
        )}
      </header>
      <nav aria-label="Sections">
        {shown.map((section) => (
          <a key={section} href={`#${section}`}>
            {section}
          </a>
        ))}
      </nav>
      <main>
        {shown.map((section) => {
          const Part = SECTION_OF[section];
          return <Part key={section} />;
        })}
      </main>
      <JobPanel />
    </>
  );
}

function wordRun(): string {
  const start = `started ${run.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}`;
  if (run.makespanS === null) return `${start}, not ended when this page was made`;
  return `${start}, took ${formatSeconds(run.makespanS)}, exit code ${run.exitCode ?? 'unknown'}`;
}
