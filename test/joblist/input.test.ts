// Where a job list comes from: files, standard input, what cannot be read; and how its form is told.
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { readJobList, type ReadOptions } from '../../src/joblist/index.js';
import type { JobSource } from '../../src/model/index.js';
import { makeTempDir } from '../support/temp-dir.js';
import { readText } from './read.js';

const A = '{"name":"a","cmd":"true"}';
const B = '{"name":"b","cmd":"true"}';
const namesOf = ({ jobs }: JobSource): string[] => jobs.map(({ name }) => name);

async function readFileCalled(
  name: string,
  text: string,
  options: Partial<ReadOptions> = {},
): Promise<JobSource> {
  const dir = makeTempDir();
  writeFileSync(join(dir, name), text);
  return readJobList(name, { scratchRoot: 'scratch', cwd: dir, ...options });
}

describe('a file', () => {
  test.each([
    ['jobs.json', `{"jobs":[${A},${B}]}`],
    ['jobs.json', `[${A},\n${B}]`],
    ['jobs.jsonl', `${A}\n${B}`],
    ['JOBS.JSONL', `\r\n${A}\r\n${B}\r\n`],
    ['jobs', `${A}\n${B}\n`],
    ['jobs.txt', `{"jobs":\n[${A},${B}]}`],
  ])('%s of %j', async (name, text) => {
    expect(namesOf(await readFileCalled(name, text))).toEqual(['a', 'b']);
  });

  test('is named in messages as it was given, or as told', async () => {
    await expect(readFileCalled('jobs.jsonl', '{}')).rejects.toThrow('jobs.jsonl:1:1: job 1 has no cmd');
    await expect(readFileCalled('jobs.jsonl', '{}', { file: 'the list' })).rejects.toThrow(
      'the list:1:1: job 1',
    );
  });

  test('has its scratch root and paths relative to the current directory', async () => {
    const dir = makeTempDir();
    writeFileSync(join(dir, 'jobs.json'), `[${A},{"name":"b","cmd":"c","odir":"out"}]`);
    const { jobs } = await readJobList(join(dir, 'jobs.json'), { scratchRoot: 'scratch', cwd: dir });
    expect(jobs.map(({ odir }) => odir)).toEqual([join(dir, 'scratch/a'), join(dir, 'out')]);
  });

  test.each([
    ['absent.json', 'absent.json: there is no such file'],
    ['.', '.: this is a directory, not a job list'],
    ['jobs.json/x.json', 'jobs.json/x.json: there is no such file: a part of its path is not a directory'],
  ])('that cannot be read: %s', async (input, expected) => {
    const dir = makeTempDir();
    writeFileSync(join(dir, 'jobs.json'), '[]');
    await expect(readJobList(input, { scratchRoot: '/s', cwd: dir })).rejects.toMatchObject({
      name: 'UserError',
      message: expected,
    });
  });

  test('that cannot be read for another reason', async () => {
    const dir = makeTempDir();
    symlinkSync('loop.json', join(dir, 'loop.json'));
    await expect(readJobList('loop.json', { scratchRoot: '/s', cwd: dir })).rejects.toThrow(
      /^loop\.json: this file cannot be read: ELOOP/,
    );
  });
});

describe('standard input', () => {
  const read = (chunks: readonly (string | Buffer)[]): Promise<JobSource> =>
    readJobList('-', { scratchRoot: '/s', stdin: Readable.from(chunks, { objectMode: true }) });

  test.each([
    ['a document in one line', [`{"jobs":[${A},${B}]}`], ['a', 'b']],
    ['a document in many', [`{\n"count":2,\n"jobs":[${A},\n${B}]\n}\n`], ['a', 'b']],
    ['a list', [`[${A},${B}]`], ['a', 'b']],
    ['one line', [A], ['a']],
    ['lines after blank ones', [`\n \n${A}\n`, `${B}`], ['a', 'b']],
    ['nothing', [], []],
  ])('%s', async (_, chunks, expected) => {
    expect(namesOf(await read(chunks))).toEqual(expected);
  });

  test('cut inside a character', async () => {
    const bytes = Buffer.from('{"name":"\u00e4","cmd":"c"}');
    expect(namesOf(await read([bytes.subarray(0, 10), bytes.subarray(10)]))).toEqual(['\u00e4']);
  });

  test('is called <stdin> in messages', async () => {
    await expect(read([`${A}\n{"name" "b"}`])).rejects.toThrow(
      '<stdin>:2:9: not JSON: expected a : after the key, found "b"',
    );
  });
});

describe('locate', () => {
  test('finds jobs of a document, whatever else is in it', async () => {
    const text = `{"x_jobs": [{"jobs": [1, 2]}], "jobs": [${A},\n\n  ${B}],\n"command": [[1]]}`;
    const { locate } = await readText(text);
    expect([0, 1, 2].map(locate)).toEqual([
      { file: 'jobs.json', line: 1, column: 41 },
      { file: 'jobs.json', line: 3, column: 3 },
      undefined,
    ]);
  });

  test('finds jobs of a bare list', async () => {
    const { locate } = await readText(`[${A},\n ${B}]`);
    expect([0, 1].map(locate)).toEqual([
      { file: 'jobs.json', line: 1, column: 2 },
      { file: 'jobs.json', line: 2, column: 2 },
    ]);
  });

  test('finds lines', async () => {
    const { locate } = await readText(`${A}\n\n${B}\n`);
    expect([0, 1, 2].map(locate)).toEqual([
      { file: 'jobs.json', line: 1 },
      { file: 'jobs.json', line: 3 },
      undefined,
    ]);
  });
});
