// The section that says how the run was started.
import type { JSX } from 'preact';
import { Code, Section } from './parts.js';
import { run } from './store.js';

/** The section. */
export function RunSection(): JSX.Element {
  const times: readonly (readonly [string, string | number | null])[] = [
    ['run', run.runId],
    ['started', run.startedAt],
    ['ended', run.endedAt],
    ['makespan', run.makespanS === null ? null : `${run.makespanS} s`],
    ['exit code', run.exitCode],
  ];
  return (
    <Section id="run" title="Run">
      <dl>
        {[...times, ...run.facts].map(([label, text]) =>
          text === null ? null : (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <Code text={String(text)} />
              </dd>
            </div>
          ),
        )}
      </dl>
    </Section>
  );
}
