// Job lists that cannot be run: every problem with its place and its exact words, exit code 2, and nothing on disk.
import { mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { regatta } from '../support/command.js';
import { makeTempDir } from '../support/temp-dir.js';

/** Runs a job list in a folder of its own; returns the complaints, with the folder's path as DIR. */
async function complain(file: string, text: string | Buffer, ...options: string[]): Promise<string[]> {
  const dir = makeTempDir();
  writeFileSync(join(dir, file), text);
  const { code, stdout, stderr } = await regatta(dir, 'run', file, ...options);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(readdirSync(dir)).toEqual([file]);
  const lines = stderr.replaceAll(dir, 'DIR').split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => {
    const prefix = 'regatta: error: ';
    expect(line.startsWith(prefix)).toBe(true);
    return line.slice(prefix.length);
  });
}

const document = (...jobs: readonly string[]): string => `{"jobs": [\n${jobs.join(',\n')}\n]}\n`;

it.each([
  [
    'a trailing comma',
    '{"jobs": [\n  {"full_name": "a", "cmd": "true",}\n]}',
    ['j.json:2:36: not JSON: no comma may stand before }'],
  ],
  [
    'a text that ends early',
    '{"jobs": [\n  {"full_name": "a", "cmd": "true"}\n',
    [
      'j.json:3:1: not JSON: expected , or ] after the value, but the text ends; the array of 1:10 is not closed',
    ],
  ],
  ['no text', '', ['j.json:1:1: not JSON: expected a value, but the text ends']],
  [
    'a number that is none',
    document('{"full_name": "a", "cmd": "true", "weight": NaN}'),
    ['j.json:2:45: not JSON: unexpected NaN'],
  ],
  [
    'no list of jobs',
    '{}',
    ['j.json: there is no list of jobs (write {"jobs": [...]}, or one job a line in a file called *.jsonl)'],
  ],
  ['a job that is no object', '{"jobs": [3]}', ['j.json:1:11: job 1 must be an object, not 3']],
  [
    'another encoding',
    Buffer.from('\uFEFF{"jobs": []}', 'utf16le'),
    ['j.json:1: this line is not UTF-8 text (save the file as UTF-8)'],
  ],
])('%s', async (_, text, messages) => {
  expect(await complain('j.json', text)).toEqual(messages);
});

it('bad fields and a bad graph in one round', async () => {
  const jobs = [
    '{"full_name": "a", "cmd": "true", "wieght": 2}',
    '{"full_name": "b", "cmd": "true", "deps": ["a", "b"], "backend": "lokal"}',
    '{"full_name": "c", "cmd": "true", "deps": ["d", "nobody"]}',
    '{"name": "d", "cmd": 3}',
    '{"full_name": "c", "cmd": " "}',
  ];
  const messages = [
    'j.json:2:45: job "a" has the unknown field wieght (did you mean "weight"?)',
    'j.json:5:22: job "d": cmd must be text, not 3',
    'j.json:6:1: there are two jobs named "c"',
    'j.json:6:1: job "c" has an empty cmd (use "true" for a job that does nothing)',
    'j.json:3:1: job "b" names the unknown backend "lokal" (did you mean "local"?)',
    'j.json:4:1: job "c" depends on the unknown job "nobody"',
    'j.json:3:1: job "b" depends on itself',
  ];
  expect(await complain('j.json', document(...jobs))).toEqual(messages);
});

it('a line that is no JSON may hold any job that others need', async () => {
  const lines = ['{"full_name": "a", "cmd": "true"', '{"full_name": "b", "cmd": "", "deps": ["a"]}'];
  expect(await complain('j.jsonl', lines.join('\n'))).toEqual([
    'j.jsonl:1:33: not JSON: expected , or } after the value, but the text ends; the object of 1:1 is not closed',
    'j.jsonl:2: job "b" has an empty cmd (use "true" for a job that does nothing)',
  ]);
});

it('unknown fields, with what was probably meant', async () => {
  const text = document(
    '{"full_name": "a\\nb\\u001b[31m", "cmd": "true", "bakend": "local"}',
    '{"full_name": "c", "cmd": "true", "author": 1}',
  );
  expect(await complain('j.json', text)).toEqual([
    'j.json:2:58: job "a\\nb\\u001b[31m" has the unknown field bakend (did you mean "backend"?)',
    'j.json:3:45: job "c" has the unknown field author (a field of your own is called x_...)',
  ]);
});

it('values of the wrong type', async () => {
  const text = document(
    '{"full_name": "a", "cmd": "true", "weight": 1e999}',
    '{"full_name": "b", "cmd": "true", "weight": "NaN"}',
    '{"full_name": "c", "cmd": "true", "timeout_mins": "60"}',
    '{"full_name": "d", "cmd": "true", "seed": 1.5}',
  );
  expect(await complain('j.json', text)).toEqual([
    'j.json:2:45: job "a": weight must be a number, not a number too large to hold',
    'j.json:3:45: job "b": weight must be a number, not "NaN"',
    'j.json:4:51: job "c": timeout_mins must be a number or null, not "60"',
    'j.json:5:43: job "d": seed must be a whole number or null, not 1.5',
  ]);
});

it('numbers out of range', async () => {
  const text = document(
    '{"full_name": "a", "cmd": "true", "timeout_mins": -3, "resources": {"L": -1, "M": 1.5}}',
    '{"full_name": "b", "cmd": "true", "timeout_mins": 0, "fake": {"duration_s": -2}}',
  );
  const units = '(use a whole number from 0, or null for an unlimited amount)';
  expect(await complain('j.json', text)).toEqual([
    'j.json:2:1: job "a" has timeout_mins -3 (use a number above 0, or null for no limit)',
    `j.json:2:1: job "a" asks for -1 of resource "L" ${units}`,
    `j.json:2:1: job "a" asks for 1.5 of resource "M" ${units}`,
    'j.json:3:1: job "b" has timeout_mins 0 (use a number above 0, or null for no limit)',
    'j.json:3:1: job "b" has fake.duration_s -2 (use a number from 0)',
  ]);
});

it('commands and names that no system can hold', async () => {
  const text = document(
    '{"full_name": "a", "cmd": ""}',
    '{"full_name": "b", "cmd": " \\t\\n"}',
    '{"full_name": "c", "cmd": "echo \\u0000"}',
    '{"full_name": "d\\u0000", "cmd": "true"}',
    '{"full_name": "", "cmd": "true"}',
    '{"full_name": "e", "cmd": "true", "exports": {"A=B": "1"}}',
    '{"full_name": "f", "cmd": "true", "exports": {"A": "\\u0000"}}',
  );
  expect(await complain('j.json', text)).toEqual([
    'j.json:2:1: job "a" has an empty cmd (use "true" for a job that does nothing)',
    'j.json:3:1: job "b" has an empty cmd (use "true" for a job that does nothing)',
    'j.json:4:1: job "c" has a NUL byte in its cmd',
    'j.json:5:1: job "d\\u0000" has a NUL byte in its full_name',
    'j.json:6:1: a job has an empty full_name',
    'j.json:7:1: job "e": exports has the invalid variable name "A=B"',
    'j.json:8:1: job "f": the value of exports.A has a NUL byte',
  ]);
});

it('a variable larger than the system takes', async () => {
  const job = { full_name: 'a', cmd: 'true', exports: { BIG: 'x'.repeat(140_000) } };
  expect(await complain('j.jsonl', JSON.stringify(job))).toEqual([
    'j.jsonl:1: job "a": exports.BIG takes 140005 bytes; the system allows 131072 for one variable',
  ]);
});

it('dependencies that lead nowhere, to themselves, or in a circle', async () => {
  const text = document(
    '{"full_name": "a", "cmd": "true", "deps": ["b"]}',
    '{"full_name": "b", "cmd": "true", "deps": ["c"]}',
    '{"full_name": "c", "cmd": "true", "deps": ["a"]}',
    '{"full_name": "self", "cmd": "true", "deps": ["self"]}',
    '{"full_name": "smoke", "cmd": "true", "deps": ["smok"]}',
    '{"full_name": "late", "cmd": "true", "deps": ["a"]}',
  );
  expect(await complain('j.json', text)).toEqual([
    'j.json:6:1: job "smoke" depends on the unknown job "smok" (did you mean "smoke"?)',
    'j.json:2:1: 3 jobs depend on each other in a cycle: a -> b -> c -> a',
    'j.json:5:1: job "self" depends on itself',
  ]);
});

it('one name for two jobs, said once', async () => {
  const job = '{"full_name": "a", "cmd": "true"}';
  expect(await complain('j.json', document(job, job))).toEqual(['j.json:3:1: there are two jobs named "a"']);
});

it('backends that are none', async () => {
  const text = document(
    '{"full_name": "a", "cmd": "true", "backend": "locl"}',
    '{"full_name": "b", "cmd": "true", "backend": "zz"}',
  );
  expect(await complain('j.json', text)).toEqual([
    'j.json:2:1: job "a" names the unknown backend "locl" (did you mean "local"?)',
    'j.json:3:1: job "b" names the unknown backend "zz" (known: local, fake, slurm, sge, lsf, pbs, htcondor, nc)',
  ]);
});

it('patterns that are no regular expressions', async () => {
  const text = document(
    '{"full_name": "a", "cmd": "true", "pass_patterns": ["(ok"], "fail_patterns": ["[z-a]"]}',
  );
  expect(await complain('j.json', text)).toEqual([
    'j.json:2:1: job "a": pattern /(ok/ is not a regular expression: Unterminated group',
    'j.json:2:1: job "a": pattern /[z-a]/ is not a regular expression: bad character range z-a',
  ]);
});

it('jobs that would write over each other', async () => {
  const text = document(
    '{"full_name": "a", "cmd": "true", "odir": "o", "renew_odir": true, "log_path": "a.log"}',
    '{"full_name": "b", "cmd": "true", "odir": "o"}',
    '{"full_name": "c", "cmd": "true", "odir": "o/inner"}',
    '{"full_name": "d", "cmd": "true", "log_path": "l/x.log"}',
    '{"full_name": "e", "cmd": "true", "log_path": "l/../l/x.log"}',
  );
  expect(await complain('j.json', text)).toEqual([
    'j.json:3:1: jobs "a" and "b" have one odir, "DIR/o" (give each its own: renew_odir would move the other one away)',
    'j.json:6:1: jobs "d" and "e" have one log_path, "DIR/l/x.log" (give each its own)',
    'j.json:4:1: the odir of job "c" lies inside that of "a", which is renewed (put it elsewhere: renew_odir would move it away)',
  ]);
});

it('a job that would move the record of its own run away', async () => {
  const renews = (name: string, odir: string): string =>
    `{"full_name": "${name}", "cmd": "true", "odir": "${odir}", "renew_odir": true}`;
  const text = document(
    renews('a', 'scratch'),
    renews('b', '/'),
    renews('c', 'scratch/.regatta'),
    renews('d', 'scratch2'),
  );
  const [first, ...others] = await complain('j.json', text);
  expect(first).toBe(
    'j.json:2:1: the odir of job "a", "DIR/scratch", is renewed and holds DIR/scratch/.regatta, where the record of the run is kept (put it elsewhere: renew_odir would move the record away)',
  );
  const moved = others.filter((line) => line.includes('would move the record away'));
  expect(moved.map((line) => line.slice(0, 30))).toEqual([
    'j.json:3:1: the odir of job "b',
    'j.json:4:1: the odir of job "c',
  ]);
});

it('what links hide: a renewed directory that holds the record, or what another job writes', async () => {
  const dir = makeTempDir();
  mkdirSync(join(dir, 'real/in'), { recursive: true });
  symlinkSync('real', join(dir, 'scratch'));
  symlinkSync('real/in', join(dir, 'link'));
  const job = (name: string, odir: string, renews: boolean): string =>
    JSON.stringify({ full_name: name, cmd: 'true', odir: join(dir, odir), renew_odir: renews });
  const jobs = [
    job('a', 'real', true),
    job('b', 'link/x', true),
    job('c', 'scratch/in/x', false),
    // The link would be moved, and the record could not be reached by it.
    job('d', 'scratch', true),
  ];
  writeFileSync(join(dir, 'jobs.jsonl'), jobs.join('\n'));
  const { code, stderr } = await regatta(dir, 'run', 'jobs.jsonl');
  expect(code).toBe(2);
  const lines = stderr.replaceAll(realpathSync(dir), 'DIR').trimEnd().split('\n');
  expect(lines.map((line) => line.replace(/^regatta: error: | \(.*$/g, ''))).toEqual([
    'jobs.jsonl:1: the odir of job "a", "DIR/real", is renewed and holds DIR/scratch/.regatta, where the record of the run is kept',
    'jobs.jsonl:3: jobs "b" and "c" have one odir, "DIR/scratch/in/x"',
    'jobs.jsonl:4: the odir of job "d", "DIR/scratch", is renewed and holds DIR/scratch/.regatta, where the record of the run is kept',
    'jobs.jsonl:2: the odir of job "b" lies inside that of "a", which is renewed',
    'jobs.jsonl:3: the odir of job "c" lies inside that of "d", which is renewed',
  ]);
  expect(readdirSync(join(dir, 'real'))).toEqual(['in']);
});

it('resources that are too few, or not there', async () => {
  const text = document(
    '{"full_name": "a", "cmd": "true", "resources": {"L": 2}}',
    '{"full_name": "b", "cmd": "true", "resources": {"L": null, "M": 1}}',
  );
  const raise = '(raise the limit (--resource L=N) or lower what the job asks for)';
  expect(await complain('j.json', text, '-R', 'L=1', '--on-missing-resource', 'error')).toEqual([
    `j.json:2:1: job "a" needs 2 of resource "L", of which there are 1 ${raise}`,
    `j.json:3:1: job "b" needs an unlimited amount of resource "L", of which there are 1 ${raise}`,
    'j.json:3:1: job "b" uses resource "M", which has no limit (give it one: --resource M=N)',
  ]);
});
