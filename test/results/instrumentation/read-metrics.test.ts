// Holds the reader of metrics.json to what it promises of whole, torn, foreign and missing files.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatMetricsJson } from '../../../src/results/instrumentation/metrics-json.js';
import { readMetrics, type MetricsReading } from '../../../src/results/instrumentation/read-metrics.js';
import { makeMetrics } from '../../support/run-metrics.js';
import { makeTempDir } from '../../support/temp-dir.js';

const FIGURES = Object.fromEntries(Object.entries(makeMetrics()).filter(([field]) => field !== 'jobs'));
const TEXT = [...formatMetricsJson(makeMetrics())].join('');

async function read(text: string): Promise<MetricsReading> {
  const path = join(makeTempDir(), 'metrics.json');
  writeFileSync(path, text);
  return readMetrics(path);
}

describe('readMetrics', () => {
  test.each([
    ['as it was written', TEXT],
    ['torn within its jobs', TEXT.slice(0, TEXT.indexOf('"jobs": [') + 9)],
    ['laid out by another tool', JSON.stringify(makeMetrics(), null, 2)],
  ])('gives the figures of a file %s', async (_, text) => {
    expect(await read(text)).toEqual({ metrics: FIGURES, notice: null });
  });

  test.each([
    ['torn within its figures', TEXT.slice(0, 200), /^no figures of time and resources: metrics.json: /],
    ['of another version', TEXT.replace('metrics/1', 'metrics/9'), /is not as it should be: schema: /],
    ['with a wrong figure', TEXT.replace('"peak":2', '"peak":"2"'), /is not as it should be: slots.peak: /],
    ['of binary junk', '\u0000\u0001', /^no figures of time and resources: metrics.json: /],
  ])('says why there are none in a file %s', async (_, text, notice) => {
    expect(await read(text)).toEqual({ metrics: null, notice: expect.stringMatching(notice) as string });
  });

  test('has nothing to say of a run that left none', async () => {
    expect(await readMetrics(join(makeTempDir(), 'none'))).toEqual({ metrics: null, notice: null });
  });
});
