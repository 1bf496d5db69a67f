// Draws curves over the time of the run, by uPlot. Knows no run.
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { WiredCurve } from '../page-wire.js';
import { MARK_PX, placeMarksMs } from './timeline.js';
import { formatSeconds, showControls } from './words.js';

const HEIGHT_PX = 200;

/** As wide as a digit is at most, in the size that uPlot writes labels. */
const LABEL_CHAR_PX = 7;

/** Names of the colours of the style sheet, in the order in which curves take them. */
const COLOURS = ['link', 'killed-bar', 'passed-bar', 'failed-bar', 'faint', 'text'];

/** What a chart shows. */
export interface ChartProps {
  readonly title: string;
  readonly intervalS: number;
  readonly curves: readonly WiredCurve[];
}

/** The chart. What it shows is said in tables too, so it is one picture to those who do not see it. */
export function Chart({ title, intervalS, curves }: ChartProps): JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = holder;
    if (current === null) return undefined;
    let chart = drawChart(current, intervalS, curves);
    const redraw = (): void => {
      chart.destroy();
      chart = drawChart(current, intervalS, curves);
    };
    const observer = new ResizeObserver(() =>
      chart.setSize({ width: current.clientWidth, height: HEIGHT_PX }),
    );
    observer.observe(current);
    const colours = matchMedia('(prefers-color-scheme: dark)');
    colours.addEventListener('change', redraw);
    return () => {
      observer.disconnect();
      colours.removeEventListener('change', redraw);
      chart.destroy();
    };
  }, [intervalS, curves]);
  return (
    <div class="chart">
      <h3>{title}</h3>
      <div ref={holder} role="img" aria-label={`Chart: ${title}`} />
    </div>
  );
}

function placeMarksS({ width, scales: { x } }: uPlot): number[] {
  const [fromMs, toMs] = [x?.min, x?.max].map((seconds) => (seconds ?? 0) * 1000);
  return placeMarksMs(fromMs ?? 0, toMs ?? 0, width / MARK_PX).map((ms) => ms / 1000);
}

/** Room for the labels beside the chart, with the tick and the gaps; enough for most, so that charts stand below each other. */
function measureLabels(labels: readonly string[] | null): number {
  // They are not known when the axis is laid out first.
  const longest = Math.max('10,000'.length, ...(labels ?? []).map((label) => label.length));
  return 22 + LABEL_CHAR_PX * longest;
}

function drawChart(holder: HTMLElement, intervalS: number, curves: readonly WiredCurve[]): uPlot {
  const styles = getComputedStyle(holder);
  const colour = (name: string): string => styles.getPropertyValue(`--${name}`);
  const axis: uPlot.Axis = {
    stroke: colour('faint'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { stroke: colour('line'), width: 1 },
  };
  const points = Math.max(0, ...curves.map(({ values }) => values.length));
  return new uPlot(
    {
      width: holder.clientWidth,
      height: HEIGHT_PX,
      scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(1, most * 1.05)] } },
      axes: [
        { ...axis, splits: placeMarksS, values: (_, seconds) => seconds.map(formatSeconds) },
        { ...axis, size: (_, labels) => measureLabels(labels) },
      ],
      series: [
        { label: 'time', value: (_, seconds: number | null) => formatSeconds(seconds) },
        ...curves.map(({ name }, i) => ({
          label: showControls(name),
          stroke: colour(COLOURS[i % COLOURS.length] ?? 'text'),
          width: 1.5,
        })),
      ],
    },
    [
      Array.from({ length: points }, (_, i) => i * intervalS),
      ...curves.map(({ values }) => Array.from(values)),
    ],
    holder,
  );
}
