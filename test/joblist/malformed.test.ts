// Text that is no JSON, or JSON that hides something: each problem with its place, exactly as the user sees it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJobList } from '../../src/joblist/index.js';
import { walkJson } from '../../src/joblist/walk-json.js';
import { problemsOf, readText } from './read.js';

const JOB = '{"name":"a","cmd":"true"}';
const LINES_HINT = '(one object a line is read from *.jsonl)';

describe('a document', () => {
  test.each([
    ['', '1:1: not JSON: expected a value, but the text ends'],
    [
      '{"jobs": [\n  {"name": "a",',
      '2:16: not JSON: expected a key in double quotes, but the text ends; the object of 2:3 is not closed',
    ],
    [
      '{"jobs": [\n  {"name": "a"}\n',
      '3:1: not JSON: expected , or ] after the value, but the text ends; the array of 1:10 is not closed',
    ],
    ['{"jobs": [\r\n  {"name": "a",}\r\n]}', '2:16: not JSON: no comma may stand before }'],
    ['[1,]', '1:4: not JSON: no comma may stand before ]'],
    ['[,1]', '1:2: not JSON: expected a value or ], found ,'],
    ['[1 2]', '1:4: not JSON: expected , or ] after the value, found 2'],
    ['{"a": 1 "b": 2}', '1:9: not JSON: expected , or } after the value, found "b"'],
    ['{"a" 1}', '1:6: not JSON: expected a : after the key, found 1'],
    ['{1: 2}', '1:2: not JSON: expected a key in double quotes or }, found 1'],
    ['[1}', '1:3: not JSON: expected , or ] after the value, found }'],
    ['{"jobs": []} more', '1:14: not JSON: unexpected more'],
    ['{"jobs": []} []', '1:14: not JSON: expected nothing more after the value, found ['],
    [`${JOB}\n${JOB}`, `2:1: not JSON: expected nothing more after the value, found { ${LINES_HINT}`],
    ["{'jobs': []}", "1:2: not JSON: unexpected '"],
    ['{jobs: []}', '1:2: not JSON: unexpected jobs'],
    ['[ // no\n]', '1:3: not JSON: comments are not allowed'],
    ['[NaN]', '1:2: not JSON: unexpected NaN'],
    ['[-Infinity]', '1:2: not JSON: unexpected -Infinity'],
    ['[01]', '1:2: not JSON: 01 is not a number'],
    ['[1.e3]', '1:2: not JSON: 1.e3 is not a number'],
    ['["a\tb"]', '1:4: not JSON: a string may not hold a control character as it is'],
    ['["a\nb"]', '1:4: not JSON: a string may not hold a line break as it is'],
    ['["a\0b"]', '1:4: not JSON: a string may not hold a control character as it is'],
    ['["a\\q"]', '1:4: not JSON: there is no escape \\q in strings'],
    ['["a\\u12G4"]', '1:4: not JSON: there is no escape \\u in strings'],
    ['["a', '1:2: not JSON: this string does not end'],
    ['\u{1f600}', '1:1: not JSON: unexpected \u{1f600}'],
    [`[${'x'.repeat(100)}]`, `1:2: not JSON: unexpected ${'x'.repeat(20)}...`],
  ])('%j', async (text, expected) => {
    expect(await problemsOf(text, 'document')).toEqual([`jobs.json:${expected}`]);
  });

  test('that nests too deeply and ends early', async () => {
    const depth = 1_000_000;
    expect(await problemsOf('['.repeat(depth))).toEqual([
      `jobs.json:1:${depth + 1}: not JSON: expected a value or ], but the text ends; the array of 1:${depth} is not closed`,
    ]);
  });

  test('that nests deeply where nothing may', async () => {
    const depth = 100_000;
    expect(await problemsOf(`[${'['.repeat(depth)}${']'.repeat(depth)}]`)).toEqual([
      'jobs.json:1:2: job 1 must be an object, not a list',
    ]);
  });

  test('that nests deeply where all is ignored', async () => {
    const depth = 100_000;
    const nest = `${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`;
    const { jobs } = await readText(`{"name":"a","cmd":"true","x_nest":${nest},"links":${nest}}`);
    expect(jobs.map(({ name }) => name)).toEqual(['a']);
  });
});

describe('lines', () => {
  test('tell the number of each that is broken', async () => {
    const text = `${JOB}\n\n{"name": "b" "cmd": "c"}\n${JOB}\r\n  5\n{"name": "c"`;
    expect(await problemsOf(text, 'lines')).toEqual([
      'jobs.json:3:14: not JSON: expected , or } after the value, found "cmd"',
      'jobs.json:5:3: job 3 must be an object, not 5',
      'jobs.json:6:13: not JSON: expected , or } after the value, but the text ends; the object of 6:1 is not closed',
    ]);
  });

  test('of a whole document say where those are read', async () => {
    expect(await problemsOf(`{"jobs":[${JOB}],"cmd":"c","name":"n"}`, 'lines')).toEqual([
      'jobs.json:1:9: job "n" has the unknown field jobs (a whole document is read from *.json)',
    ]);
  });
});

describe('a key given twice', () => {
  test('is an error wherever it is', async () => {
    const text =
      '[{"name":"a","cmd":"c","cmd":"d",\n"exports":{"A":"1","A":"1"},"x_":[{"b":1,"\\u0062":2}]}]';
    expect(await problemsOf(text)).toEqual([
      'jobs.json:1:24: "cmd" is given twice in one object (keep one of them)',
      'jobs.json:2:20: "A" is given twice in one object (keep one of them)',
      'jobs.json:2:42: "b" is given twice in one object (keep one of them)',
    ]);
  });

  test('is not seen in strings that look like keys', async () => {
    const { jobs } = await readText('{"name":"a","cmd":"{\\"a\\":1,\\"a\\":2}\\\\","exports":{"A:":":"}}');
    expect(jobs[0]).toMatchObject({ cmd: '{"a":1,"a":2}\\', exports: { 'A:': ':' } });
  });
});

describe('halves of surrogate pairs', () => {
  test.each([
    ['\\ud83d', '\\ud83d'],
    ['\\ude00\\ud83d', '\\ude00'],
    ['\\uD83D', '\\uD83D'],
    ['\\ud83dx\\ude00', '\\ud83d'],
  ])('are an error: %s', async (text, half) => {
    const problems = await problemsOf(`{"name":"a","cmd":"${text}"}`);
    expect(problems[0]).toBe(
      `jobs.json:1:20: ${half} is half of a surrogate pair, not a character (no file name, command or log can hold it)`,
    );
  });

  test('are fine when they are pairs, or escaped backslashes', async () => {
    const { jobs } = await readText('{"name":"a","cmd":"\\ud83d\\uDE00 \\\\ud83d \\ud7ff"}');
    expect(jobs[0]?.cmd).toBe('\u{1f600} \\ud83d \ud7ff');
  });
});

describe('bytes', () => {
  const parse = (bytes: Buffer) => parseJobList(bytes, { file: 'jobs.json', scratchRoot: '/scratch' });

  test.each([
    ['Latin-1', Buffer.from('{"name":"a",\n"cmd":"gr\u00fcn"}', 'latin1'), 2],
    ['UTF-16', Buffer.from('\ufeff[]', 'utf16le'), 1],
  ])('of %s are refused', async (_, bytes, line) => {
    await expect(parse(bytes)).rejects.toThrow(
      `jobs.json:${line}: this line is not UTF-8 text (save the file as UTF-8)`,
    );
  });

  test('may begin with a byte order mark', async () => {
    expect((await parse(Buffer.from(`\ufeff[${JOB}]`))).jobs).toHaveLength(1);
    expect((await parse(Buffer.from(`\ufeff${JOB}`))).jobs).toHaveLength(1);
  });
});

describe('walkJson', () => {
  const faultOf = (text: string): boolean => walkJson(text, {}) !== undefined;
  const isRefused = (text: string): boolean => {
    try {
      JSON.parse(text);
      return false;
    } catch {
      return true;
    }
  };

  test('accepts what JSON.parse accepts', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(faultOf(text)).toBe(false);
      }),
      { seed: 20261124 },
    );
  });

  test('finds a fault in what JSON.parse refuses, and in nothing else', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"\\n"',
      '"\\x"',
      '1',
      '-0.5e+7',
      '-',
      '01',
      '.5',
      'true',
      'nul',
      ' ',
      '\n',
      '\u00a0',
      '\u2028',
      '"',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        expect(faultOf(text), text).toBe(isRefused(text));
      }),
      { seed: 20261124, numRuns: 20_000 },
    );
  });
});
