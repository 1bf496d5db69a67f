// Small parts of the page that several sections show. Know no state of the page.
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { showControls } from './words.js';

/** Text of a run, in the typeface of code; may be broken anywhere. */
export function Code({ text }: { readonly text: string }): JSX.Element {
  return <code>{showControls(text)}</code>;
}

/** How a job ended, told by a letter as well as by colour. */
export function StatusBadge({ status }: { readonly status: string }): JSX.Element {
  return <span class={`badge ${status}`}>{status}</span>;
}

/** A section of the page with its heading; `id` is its address. */
export function Section(props: {
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <section id={props.id} aria-labelledby={`${props.id}-title`}>
      <h2 id={`${props.id}-title`}>{props.title}</h2>
      {props.children}
    </section>
  );
}

/** A command with a button that copies it. */
export function Command({ text }: { readonly text: string }): JSX.Element {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  };
  const label = { idle: 'Copy', copied: 'Copied', failed: 'Cannot copy' }[state];
  return (
    <span class="command">
      <Code text={text} />
      <button type="button" onClick={copy}>
        {label}
      </button>
    </span>
  );
}
