// The section that shows when each job ran, and in which slot: a drawing to look into, by mouse or keys.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Section } from './parts.js';
import { textOf } from './run-data.js';
import { move, run } from './store.js';
import type { Range } from './timeline-drawing.js';
import { drawTimeline, measureTimeline } from './timeline-drawing.js';
import type { Bar } from './timeline.js';
import { findBar, layOutJobs } from './timeline.js';
import { formatCount, formatSeconds, showControls } from './words.js';

const timeline = layOutJobs(run);
const WHOLE: Range = { fromMs: 0, toMs: Math.max(1, timeline.endMs) };

/** The section; a line when no job ran. */
export function TimelineSection(): JSX.Element {
  return (
    <Section id="timeline" title="Timeline">
      {timeline.bars.length === 0 ? <p>No job has run.</p> : <Drawing />}
    </Section>
  );
}

function Drawing(): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [range, setRange] = useState(WHOLE);
  const [pointed, setPointed] = useState<Bar | undefined>();
  useEffect(() => {
    const redraw = (): void => {
      if (canvas.current !== null) drawTimeline(canvas.current, { run, timeline, range, pointed });
    };
    redraw();
    return watchLooks(canvas.current, redraw);
  }, [range, pointed]);
  const barAt = (event: MouseEvent): Bar | undefined => {
    const { widthPx, rowPx } = measureTimeline(canvas.current, timeline);
    const atMs = range.fromMs + (event.offsetX / widthPx) * (range.toMs - range.fromMs);
    return findBar(timeline, Math.floor(event.offsetY / rowPx), atMs);
  };
  const zoom = (factor: number, shift = 0): void => setRange(zoomRange(range, factor, shift));
  return (
    <>
      <p class="timeline-controls">
        <button type="button" onClick={() => zoom(0.5)}>
          Zoom in
        </button>
        <button type="button" onClick={() => zoom(2)}>
          Zoom out
        </button>
        <button type="button" onClick={() => zoom(1, -0.5)}>
          Earlier
        </button>
        <button type="button" onClick={() => zoom(1, 0.5)}>
          Later
        </button>
        <span>
          {formatCount(timeline.rows, 'slot')}, {formatSeconds(range.fromMs / 1000)} to{' '}
          {formatSeconds(range.toMs / 1000)}
        </span>
        <output>{pointed === undefined ? '' : wordBar(pointed)}</output>
      </p>
      <div class="timeline" tabIndex={0} role="group" aria-label="Drawing of the timeline">
        <canvas
          ref={canvas}
          role="img"
          aria-label={`When each job ran: ${formatCount(timeline.bars.length, 'job')} in ${formatCount(timeline.rows, 'slot')}. The table of jobs has the same as text.`}
          onPointerMove={(event) => setPointed(barAt(event))}
          onPointerLeave={() => setPointed(undefined)}
          onClick={(event) => {
            const bar = barAt(event);
            if (bar !== undefined) move({ job: run.fullName[bar.job] ?? null });
          }}
        />
      </div>
    </>
  );
}

/** Calls back when the drawing has another size or other colours. Returns what stops it. */
function watchLooks(canvas: HTMLCanvasElement | null, changed: () => void): () => void {
  const observer = new ResizeObserver(changed);
  if (canvas?.parentElement) observer.observe(canvas.parentElement);
  const colours = matchMedia('(prefers-color-scheme: dark)');
  colours.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    colours.removeEventListener('change', changed);
  };
}

/** A part of the range about its middle, moved by a share of its length; never beyond the run. */
function zoomRange({ fromMs, toMs }: Range, factor: number, shift: number): Range {
  const spanMs = Math.min(WHOLE.toMs, Math.max(1, (toMs - fromMs) * factor));
  const middleMs = (fromMs + toMs) / 2 + shift * spanMs;
  const from = Math.min(WHOLE.toMs - spanMs, Math.max(0, middleMs - spanMs / 2));
  return { fromMs: from, toMs: from + spanMs };
}

function wordBar({ job, startMs, endMs }: Bar): string {
  const times = `${formatSeconds(startMs / 1000)} to ${formatSeconds(endMs / 1000)}`;
  return `${showControls(run.fullName[job] ?? '')}: ${textOf(run, 'status', job) ?? ''}, ${times}`;
}
