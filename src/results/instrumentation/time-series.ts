// Keeps how one number went over the time of a run, in bounded memory. Knows not what the number counts.

/** Most points a series has; whatever the length of the run, it ends with more than half of them, or 1 ms a point. */
const MAX_POINTS = 1000;

/** A series as it is shown: the mean of the number over each of equal intervals, the last one cut short at the end. */
export interface Curve {
  readonly intervalMs: number;
  readonly means: readonly number[];
}

/**
 * A step function of time, kept as its integral over equal intervals that double in length when there are too many.
 * No value is lost by that: the integrals always sum up to that of the function.
 */
export class TimeSeries {
  readonly #integrals = new Float64Array(MAX_POINTS);
  #intervalMs = 1;
  #atMs = 0;
  #value = 0;
  #peak = 0;

  /** The value that holds now. */
  get value(): number {
    return this.#value;
  }

  /** The largest value so far. */
  get peak(): number {
    return this.#peak;
  }

  /** Sum of value times milliseconds up to the last time given. */
  get integral(): number {
    return this.#integrals.reduce((sum, part) => sum + part, 0);
  }

  /** The value is `value` from `atMs` on: milliseconds from the start of the run, never going back. */
  set(atMs: number, value: number): void {
    this.advance(atMs);
    this.#value = value;
    if (value > this.#peak) this.#peak = value;
  }

  /** The value has held up to `atMs`. */
  advance(atMs: number): void {
    if (atMs <= this.#atMs) return;
    while (atMs > this.#intervalMs * MAX_POINTS) this.#halve();
    if (this.#value !== 0) {
      for (let fromMs = this.#atMs; fromMs < atMs;) {
        const point = Math.floor(fromMs / this.#intervalMs);
        const untilMs = Math.min(atMs, (point + 1) * this.#intervalMs);
        this.#integrals[point] = (this.#integrals[point] ?? 0) + this.#value * (untilMs - fromMs);
        fromMs = untilMs;
      }
    }
    this.#atMs = atMs;
  }

  /** The curve up to the last time given. */
  read(): Curve {
    const points = Math.ceil(this.#atMs / this.#intervalMs);
    const means = Array.from(this.#integrals.subarray(0, points), (integral, point) => {
      const widthMs = Math.min(this.#intervalMs, this.#atMs - point * this.#intervalMs);
      return integral / widthMs;
    });
    return { intervalMs: this.#intervalMs, means };
  }

  /** Half as many intervals, each twice as long. */
  #halve(): void {
    for (let point = 0; point < MAX_POINTS / 2; point++) {
      this.#integrals[point] = (this.#integrals[2 * point] ?? 0) + (this.#integrals[2 * point + 1] ?? 0);
    }
    this.#integrals.fill(0, MAX_POINTS / 2);
    this.#intervalMs *= 2;
  }
}
