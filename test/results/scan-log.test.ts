// Holds the log scan to a plain line-by-line reading of the same log, and pins its answers and their bounds.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding, ScanRequest } from '../../src/results/log-scan/protocol.js';
import type { ScanOptions } from '../../src/results/log-scan/scan-log.js';
import { scanLog } from '../../src/results/log-scan/scan-log.js';
import { cpuMsOf } from '../support/cpu-time.js';
import { makeTempDir } from '../support/temp-dir.js';

const nothing: Omit<ScanRequest, 'path'> = {
  failPatterns: [],
  passPatterns: [],
  wantsLastLines: false,
  tool: null,
  evenLarge: true,
};

function scanText(text: string | Buffer, request: Partial<ScanRequest>, options: ScanOptions = {}) {
  const path = join(makeTempDir(), 'target.log');
  writeFileSync(path, text);
  return scanLog({ ...nothing, path, ...request }, options);
}

function findIn(text: string | Buffer, request: Partial<ScanRequest>, options: ScanOptions = {}): Finding {
  const reply = scanText(text, request, options);
  if (reply.kind !== 'scanned') throw new Error(JSON.stringify(reply));
  return reply.finding;
}

const small = { pieceBytes: 64, overlapBytes: 16 };

describe('scanLog', () => {
  test('finds the first failing line, its number, its text and the four lines after it', () => {
    const log = 'one\ntwo\nUVM_ERROR @ 5: bad\na\nb\nc\nd\ne\nUVM_FATAL late\n';
    expect(findIn(log, { failPatterns: ['^UVM_FATAL', '^UVM_ERROR'], passPatterns: ['never'] })).toEqual({
      kind: 'fail-pattern',
      pattern: '^UVM_ERROR',
      text: 'UVM_ERROR @ 5: bad',
      line: 3,
      context: ['a', 'b', 'c', 'd'],
    });
  });

  test('names the first pattern of the list that the line matches, not the leftmost match', () => {
    expect(findIn('x bad ERROR\n', { failPatterns: ['ERROR', 'bad'] })).toMatchObject({ pattern: 'ERROR' });
  });

  test('a fail pattern wins over a pass pattern on the same line', () => {
    const finding = findIn('PASSED with ERROR\n', { failPatterns: ['ERROR'], passPatterns: ['PASSED'] });
    expect(finding).toMatchObject({ kind: 'fail-pattern', line: 1, context: [] });
  });

  test('names the pass patterns that no line matches, and brings the last ten lines', () => {
    const lines = Array.from({ length: 15 }, (_, i) => `line ${i}`);
    expect(scanText(`${lines.join('\n')}\n`, { passPatterns: ['line 3', 'PASSED', '^done$'] })).toEqual({
      kind: 'scanned',
      finding: { kind: 'missing-pass-pattern', patterns: ['PASSED', '^done$'] },
      lastLines: lines.slice(5),
      simulatedTimeUs: null,
    });
  });

  test.each([
    ['a log without a last line end', 'a\nTEST PASSED', ['PASSED$']],
    ['Windows line ends', 'a\r\nTEST PASSED\r\nb\r\n', ['^TEST PASSED$']],
    ['lines redrawn with carriage returns', '10%\r20%\rTEST PASSED\n', ['^TEST PASSED$']],
    ['an empty line', 'a\n\nb\n', ['^$']],
    ['several patterns on one line', 'A B\n', ['A', 'B']],
    ['a pattern over two lines', 'Tests:\n  0 failed\n', ['^Tests:\\n\\s+0 failed$']],
    ['a pattern over two Windows lines', 'Tests:\r\n0 failed\r\n', ['Tests:\\n0 failed']],
    ['a non-ASCII pattern', 'résultat: réussi\n', ['réussi$']],
    ['NUL and broken UTF-8 around it', Buffer.from('\0\xff\xfe\nPASSED\n\x80', 'latin1'), ['^PASSED$']],
  ])('passes %s', (_, log, passPatterns) => {
    expect(findIn(log, { passPatterns, failPatterns: ['^ERROR'] })).toEqual({ kind: 'nothing-wrong' });
  });

  test.each([
    ['an empty log', '', ['^$']],
    ['a phantom line after the last one', 'a\n', ['^$']],
    ['a phantom line within a Windows line end', 'a\r\nb\r\n', ['^$']],
  ])('does not see %s', (_, log, passPatterns) => {
    expect(findIn(log, { passPatterns })).toMatchObject({ kind: 'missing-pass-pattern' });
  });

  test('brings the last lines when asked to, without patterns', () => {
    expect(scanText('a\nb\n', { wantsLastLines: true })).toMatchObject({ lastLines: ['a', 'b'] });
  });

  test('finds a match anywhere in a line longer than a piece, but no line start inside it', () => {
    for (let before = 0; before < 300; before += 7) {
      const log = `first\n${'x'.repeat(before)}ERROR${'y'.repeat(300 - before)}\nnext\n`;
      expect(findIn(log, { failPatterns: ['ERROR'] }, small)).toMatchObject({ line: 2, context: ['next'] });
      const anchored = findIn(log, { failPatterns: ['^ERROR'] }, small);
      expect(anchored.kind).toBe(before === 0 ? 'fail-pattern' : 'nothing-wrong');
      const ended = findIn(log, { failPatterns: ['x$', '^y'] }, small);
      expect(ended.kind).toBe('nothing-wrong');
    }
  });

  test('does not cut a character of a long line in two', () => {
    for (let before = 0; before < 130; before++) {
      const log = `${'x'.repeat(before)}${'é€😀'.repeat(20)}${'z'.repeat(99)}\n`;
      expect(findIn(log, { failPatterns: ['\\ufffd'] }, small)).toEqual({ kind: 'nothing-wrong' });
    }
  });

  test('finds a pattern that spans lines wherever the log is cut', () => {
    for (let before = 0; before < 200; before++) {
      const log = `${'a\n'.repeat(before)}begin\nend\n${'b\n'.repeat(100)}`;
      expect(findIn(log, { failPatterns: ['begin\\nend'] }, small)).toMatchObject({ line: before + 1 });
    }
  });

  test('keeps of a very long line what is around the match', () => {
    const log = `${'x'.repeat(5000)}ERROR${'y'.repeat(5000)}\n${'z'.repeat(5000)}\n`;
    const finding = findIn(log, { failPatterns: ['ERROR'] });
    if (finding.kind !== 'fail-pattern') throw new Error(finding.kind);
    expect(finding.text).toBe(`…${'x'.repeat(200)}ERROR${'y'.repeat(795)}…`);
    expect(finding.context).toEqual([`${'z'.repeat(1000)}…`]);
  });

  test('a wildcard at the start of a pattern does not cost the square of a long line', () => {
    const log = `${'x'.repeat(400_000)}\n`;
    const cpuMs = cpuMsOf(() => {
      expect(findIn(log, { failPatterns: ['.*ERROR.*', '.*?FATAL'] })).toEqual({ kind: 'nothing-wrong' });
    });
    // The square is 1.6e11 steps: minutes.
    expect(cpuMs).toBeLessThan(5_000);
  });

  test.each([
    ['is missing', (path: string) => path, 'ENOENT: no such file or directory'],
    [
      'is a directory',
      (path: string) => {
        mkdirSync(path);
      },
      'it is not a regular file',
    ],
    [
      'is a named pipe that nobody writes',
      (path: string) => execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', path]),
      'it is not a regular file',
    ],
  ])('says so when the log %s', (_, prepare, message) => {
    const path = join(makeTempDir(), 'target.log');
    prepare(path);
    expect(scanLog({ ...nothing, path, failPatterns: ['x'] })).toEqual({ kind: 'unreadable', message });
  });

  test('leaves a large log to whoever has time for it', () => {
    const path = join(makeTempDir(), 'target.log');
    writeFileSync(path, Buffer.alloc(17 * 1024 * 1024, 'x\n'));
    expect(scanLog({ ...nothing, path, evenLarge: false })).toEqual({ kind: 'too-large' });
    expect(scanLog({ ...nothing, path, failPatterns: ['y'] })).toMatchObject({ kind: 'scanned' });
  });
});

describe('scanLog against a plain reading, line by line', () => {
  const pattern = fc.constantFrom(
    'ERROR',
    '^ERROR',
    'ERROR$',
    'b\\s+c',
    'a[^b]a',
    '^$',
    '^\\W',
    '(?<!a)b',
    'c(?!\\s)',
    '.*b.c',
    'é',
    'a|c$',
  );
  const word = fc.constantFrom('a', 'b', 'c', ' ', 'é', 'ERROR', '-', '\t');
  const line = fc.array(word, { maxLength: 9 }).map((words) => words.join(''));

  function readPlainly(
    lines: readonly string[],
    fail: readonly string[],
    pass: readonly string[],
  ): Partial<Finding> {
    for (const [index, text] of lines.entries()) {
      const failing = fail.find((one) => new RegExp(one).test(text));
      if (failing !== undefined) {
        const context = lines.slice(index + 1, index + 5);
        return { kind: 'fail-pattern', pattern: failing, text, line: index + 1, context };
      }
    }
    const missing = pass.filter((one) => !lines.some((text) => new RegExp(one).test(text)));
    return missing.length > 0
      ? { kind: 'missing-pass-pattern', patterns: missing }
      : { kind: 'nothing-wrong' };
  }

  test('random logs, patterns and cuts', () => {
    const path = join(makeTempDir(), 'target.log');
    const scenario = fc.record({
      lines: fc.array(line, { maxLength: 40 }),
      newline: fc.constantFrom('\n', '\r\n'),
      failPatterns: fc.uniqueArray(pattern, { maxLength: 3 }),
      passPatterns: fc.uniqueArray(pattern, { maxLength: 3 }),
      pieceBytes: fc.integer({ min: 256, max: 400 }),
      // A pattern that spans lines makes the pieces overlap; this one is never there.
      spanning: fc.constantFrom([], ['no\\nsuch']),
    });
    const property = fc.property(scenario, ({ lines, newline, failPatterns, passPatterns, ...rest }) => {
      writeFileSync(path, lines.map((text) => text + newline).join(''));
      const request = { ...nothing, path, passPatterns, failPatterns: [...failPatterns, ...rest.spanning] };
      const reply = scanLog(request, { pieceBytes: rest.pieceBytes, overlapBytes: 64 });
      expect(reply).toMatchObject({ finding: readPlainly(lines, failPatterns, passPatterns) });
    });
    fc.assert(property, { numRuns: 1500, seed: 20261124 });
  });
});
