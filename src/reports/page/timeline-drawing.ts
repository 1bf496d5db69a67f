// Draws the timeline of a run on a canvas. Knows how it looks, not what is done with it.
import type { RunData } from './run-data.js';
import { textOf } from './run-data.js';
import { MARK_PX, placeMarksMs, type Bar, type Timeline } from './timeline.js';
import { formatSeconds } from './words.js';

/** The part of the run that is in sight, in milliseconds after its start. */
export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Rows are as high as there is room, within these bounds. */
const ROW_PX = { most: 18, least: 2 };
const ROOM_PX = 480;
const AXIS_PX = 22;

/** Sizes on the screen, in CSS pixels. */
export interface TimelineSize {
  readonly widthPx: number;
  readonly rowPx: number;
}

/** How large the timeline is where it is drawn. */
export function measureTimeline(canvas: HTMLCanvasElement | null, { rows }: Timeline): TimelineSize {
  const rowPx = Math.min(ROW_PX.most, Math.max(ROW_PX.least, Math.floor(ROOM_PX / rows)));
  return { widthPx: Math.max(1, canvas?.parentElement?.clientWidth ?? 1), rowPx };
}

/** What to draw. */
export interface TimelineScene {
  readonly run: RunData;
  readonly timeline: Timeline;
  readonly range: Range;
  readonly pointed: Bar | undefined;
}

/** Draws everything anew, at the resolution of the screen. */
export function drawTimeline(canvas: HTMLCanvasElement, scene: TimelineScene): void {
  const { timeline } = scene;
  const { widthPx, rowPx } = measureTimeline(canvas, timeline);
  const heightPx = timeline.rows * rowPx + AXIS_PX;
  const scale = devicePixelRatio;
  canvas.width = widthPx * scale;
  canvas.height = heightPx * scale;
  canvas.style.width = `${widthPx}px`;
  canvas.style.height = `${heightPx}px`;
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  pen.scale(scale, scale);
  const styles = getComputedStyle(canvas);
  const colour = (name: string): string => styles.getPropertyValue(`--${name}`);
  const xOf = (ms: number): number =>
    ((ms - scene.range.fromMs) / (scene.range.toMs - scene.range.fromMs)) * widthPx;
  drawAxis(pen, scene, { xOf, widthPx, heightPx, colour });
  drawBars(pen, scene, { xOf, rowPx, colour });
  drawLanes(pen, timeline, { rowPx, widthPx, colour });
}

type Colours = (name: string) => string;
type Scale = (ms: number) => number;

function drawAxis(
  pen: CanvasRenderingContext2D,
  { range }: TimelineScene,
  sheet: {
    readonly xOf: Scale;
    readonly widthPx: number;
    readonly heightPx: number;
    readonly colour: Colours;
  },
): void {
  const { xOf, widthPx, heightPx, colour } = sheet;
  pen.font = '11px system-ui, sans-serif';
  pen.textBaseline = 'bottom';
  for (const ms of placeMarksMs(range.fromMs, range.toMs, widthPx / MARK_PX)) {
    const x = Math.round(xOf(ms)) + 0.5;
    pen.strokeStyle = colour('line');
    pen.beginPath();
    pen.moveTo(x, 0);
    pen.lineTo(x, heightPx);
    pen.stroke();
    pen.fillStyle = colour('faint');
    const label = formatSeconds(ms / 1000);
    const isWhole = x + 3 + pen.measureText(label).width <= widthPx;
    if (isWhole) pen.fillText(label, x + 3, heightPx - 3);
  }
}

function drawBars(
  pen: CanvasRenderingContext2D,
  { run, timeline, range, pointed }: TimelineScene,
  sheet: { readonly xOf: Scale; readonly rowPx: number; readonly colour: Colours },
): void {
  const { xOf, rowPx, colour } = sheet;
  const gapPx = rowPx > 3 ? 1 : 0;
  const colours = new Map(['passed', 'failed', 'killed'].map((status) => [status, colour(`${status}-bar`)]));
  for (const bar of timeline.bars) {
    if (bar.endMs < range.fromMs || bar.startMs > range.toMs) continue;
    const left = xOf(bar.startMs);
    // A job too short to be seen is still drawn.
    const widthPx = Math.max(0.5, xOf(bar.endMs) - left - (rowPx > 3 ? 0.5 : 0));
    pen.fillStyle = colours.get(textOf(run, 'status', bar.job) ?? '') ?? '';
    pen.fillRect(left, bar.row * rowPx, widthPx, rowPx - gapPx);
  }
  if (pointed === undefined) return;
  const left = xOf(pointed.startMs);
  pen.strokeStyle = colour('text');
  pen.strokeRect(left, pointed.row * rowPx + 0.5, Math.max(1, xOf(pointed.endMs) - left), rowPx - gapPx - 1);
}

/** Where there are several backends, a line above each, with its name. */
function drawLanes(
  pen: CanvasRenderingContext2D,
  { lanes }: Timeline,
  sheet: { readonly rowPx: number; readonly widthPx: number; readonly colour: Colours },
): void {
  if (lanes.length < 2) return;
  const { rowPx, widthPx, colour } = sheet;
  pen.textBaseline = 'top';
  for (const { backend, firstRow } of lanes) {
    const y = firstRow * rowPx;
    pen.strokeStyle = colour('text');
    pen.beginPath();
    pen.moveTo(0, y + 0.5);
    pen.lineTo(widthPx, y + 0.5);
    pen.stroke();
    const labelPx = pen.measureText(backend).width + 8;
    pen.fillStyle = colour('page');
    pen.fillRect(0, y + 1, labelPx, 14);
    pen.fillStyle = colour('text');
    pen.fillText(backend, 4, y + 2);
  }
}
