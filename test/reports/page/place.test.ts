// Holds the addresses within a page to what they promise: whatever is chosen, its address leads back to it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FACETS } from '../../../src/reports/page/job-filter.js';
import { linkToFile } from '../../../src/reports/page/log-link.js';
import { formatPlace, parsePlace, START } from '../../../src/reports/page/place.js';

describe('places', () => {
  test('are found again by their address', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
    const filter = fc.record({
      facets: fc.dictionary(fc.constantFrom(...FACETS), text, { noNullPrototype: true }),
      search: text,
    });
    const sort = fc.record({
      field: fc.constantFrom('order', 'name', 'runtimeS'),
      isDown: fc.boolean(),
    } as const);
    fc.assert(
      fc.property(filter, sort, fc.option(text), (filter, sort, job) => {
        const place = { ...START, section: 'jobs', filter, sort, job } as const;
        expect(parsePlace(formatPlace(place))).toEqual(place);
      }),
      { numRuns: 300, seed: 20261124 },
    );
  });

  test.each(['', '#', '#nowhere', '#summary?sort=bad&status', '?', '#%%%'])('%j is the start', (hash) => {
    expect(parsePlace(hash)).toEqual(START);
  });

  test('a bucket is unfolded among failures, and a filter among jobs', () => {
    expect(parsePlace('#failures?bucket=a')).toMatchObject({ bucket: 'a', filter: START.filter });
    expect(parsePlace('#jobs?bucket=a')).toMatchObject({ bucket: null, filter: { facets: { bucket: 'a' } } });
  });
});

describe('linkToFile', () => {
  test('of a page on disk leads to the file itself', () => {
    expect(linkToFile('/s/a b#?%/ü.log', { protocol: 'file:', folder: '/r' })).toBe(
      'file:///s/a%20b%23%3F%25/%C3%BC.log',
    );
  });

  test.each([
    ['/s/.regatta/r1', '/s/job/run.log', './../../job/run.log'],
    ['/s', '/s/run.log', './run.log'],
    ['/a/b', '/c', './../../c'],
  ])('of a page in %s on the network leads from there to %s', (folder, path, link) => {
    expect(linkToFile(path, { protocol: 'https:', folder })).toBe(link);
  });

  test.each(['', 'javascript:alert(1)', 'relative/path'])('does not link to %j', (path) => {
    expect(linkToFile(path, { protocol: 'file:', folder: '/r' })).toBeNull();
  });

  test('never leads to another host or scheme', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('file:', 'https:'), (path, protocol) => {
        const link = linkToFile(`/${path}`, { protocol, folder: '/r' }) ?? '';
        const url = new URL(link, protocol === 'file:' ? 'file:///r/x' : 'https://host/r/x');
        expect([url.protocol, url.host]).toEqual([protocol, protocol === 'file:' ? '' : 'host']);
      }),
      { numRuns: 300, seed: 20261124 },
    );
  });
});
