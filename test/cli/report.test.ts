// Makes reports of a real run with the real command, in every format, of whole and of broken records.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { regatta, regattaAfter, writeJobs } from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { makeTempDir } from '../support/temp-dir.js';

let dir = '';
let run = '';

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'regatta-test-'));
  const jobs = writeJobs(dir, [
    { full_name: 'good', cmd: 'echo fine', tool: { name: 'icarus', version: '11' } },
    { full_name: 'bad', cmd: `printf 'fine\\nERROR: <b>\\nnext\\n'`, fail_patterns: ['^ERROR'], seed: 3 },
  ]);
  await regatta(dir, 'run', jobs, '--status', 'none', '-R', 'L=2');
  run = join(dir, 'scratch/.regatta/latest');
});

afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** A copy of the run's directory in which results.json holds this. */
function copyWith(results: string): string {
  const copy = makeTempDir();
  writeFileSync(join(copy, 'results.json'), results);
  writeFileSync(join(copy, 'run.json'), readFileSync(join(run, 'run.json')));
  return copy;
}

const readRunFile = (name: string): string => readFileSync(join(run, name), 'utf8');

describe('regatta report', () => {
  it.each([
    ['json', 'results.json'],
    ['junit', 'junit.xml'],
  ])('--format %s gives what the run has written as %s', async (format, file) => {
    const { code, stdout, stderr } = await regatta(dir, 'report', '--format', format);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: readRunFile(file), stderr: '' });
  });

  it('--format md says what failed, how to run it again, and how the run was started', async () => {
    const { code, stdout } = await regatta(dir, 'report', '--format', 'md');
    expect(code).toBe(0);
    expect(stdout).toContain('### 1. `ERROR: <b>`: 1 job\n');
    expect(stdout).toMatch(/- again: `sh \/.*\/scratch\/bad\/cmd.sh`\n/);
    expect(stdout).toContain('```text\nERROR: <b>\nnext\n```');
    expect(stdout).toContain('| command | `regatta run jobs.jsonl --status none -R L=2` |');
    expect(stdout).toContain('| tools | `icarus 11` |');
    expect(stdout).toContain('| resources | `L: 2` |');
  });

  it('--output writes a file and says where', async () => {
    const out = join(makeTempDir(), 'r.csv');
    const { code, stdout } = await regatta(dir, 'report', '--format', 'csv', '--output', out);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${out}\n` });
    expect(readFileSync(out, 'utf8').split('\r\n')).toHaveLength(4);
  });

  it('takes a run by its id, its directory, and another scratch root', async () => {
    const { run_id: id } = JSON.parse(readRunFile('results.json')) as { readonly run_id: string };
    const elsewhere = makeTempDir();
    const scratch = join(dir, 'scratch');
    for (const words of [
      [id, '-sr', scratch],
      [join(scratch, '.regatta', id)],
      ['--scratch-root', scratch],
    ]) {
      const { stdout } = await regatta(elsewhere, 'report', ...words, '--format', 'json');
      expect(stdout).toBe(readRunFile('results.json'));
    }
  });

  it('--open shows the file that was written with the program of the desktop', async () => {
    const bin = makeTempDir();
    const out = join(bin, 'r.md');
    writeFileSync(
      join(bin, 'xdg-open'),
      `#!/bin/sh\nprintf %s "$1" > ${bin}/part; mv ${bin}/part ${bin}/shown\n`,
    );
    chmodSync(join(bin, 'xdg-open'), 0o755);
    const words = ['report', '--format', 'md', '--output', out, '--open'];
    const { code } = await regattaAfter(dir, `PATH='${bin}${delimiter}'"$PATH"`, ...words);
    expect(code).toBe(0);
    await eventually('the file to be shown', () => existsSync(join(bin, 'shown')));
    expect(readFileSync(join(bin, 'shown'), 'utf8')).toBe(out);
  });

  it('--open says when there is no such program; the report is there all the same', async () => {
    const out = join(makeTempDir(), 'r.md');
    const words = ['report', '--format', 'md', '--output', out, '--open'];
    const { code, stderr } = await regattaAfter(dir, 'PATH=/nowhere', ...words);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^regatta: warning: cannot show .*r\.md: spawn xdg-open ENOENT\n$/);
    expect(existsSync(out)).toBe(true);
  });

  it('--open says when the program cannot show it', async () => {
    const bin = makeTempDir();
    const out = join(bin, 'r.md');
    writeFileSync(join(bin, 'xdg-open'), '#!/bin/sh\nexit 3\n');
    chmodSync(join(bin, 'xdg-open'), 0o755);
    const words = ['report', '--format', 'md', '--output', out, '--open'];
    const { code, stdout, stderr } = await regattaAfter(dir, `PATH='${bin}'`, ...words);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${out}\n` });
    expect(stderr).toBe(`regatta: warning: cannot show ${out}: xdg-open: exit code 3\n`);
  });

  it('names the file it has written, but no pipe or device', async () => {
    const { code, stdout } = await regatta(dir, 'report', '--format', 'md', '--output', '/dev/null');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });

  it('reports what it can of a torn record, and says so', async () => {
    const whole = readRunFile('results.json');
    const copy = copyWith(whole.slice(0, whole.indexOf('"full_name":"bad"')));
    const { code, stdout, stderr } = await regatta(dir, 'report', copy, '--format', 'md');
    expect(code).toBe(0);
    expect(stderr).toContain(
      'regatta: warning: results.json ends before its end: what could be read is shown\n',
    );
    expect(stdout).toContain('> **Note:** of 1 failed jobs the record holds 0');
    expect(stdout).toContain('| 2 | 1 | 1 | 0 | 0 |');
  });

  it.each([
    ['empty', ''],
    ['torn in its first line', '{"schema":"regatta.res'],
    ['binary', '\u0000\u0001'],
  ])('reports from the journal when results.json is %s, and says so', async (_, results) => {
    const copy = makeTempDir();
    cpSync(realpathSync(run), copy, { recursive: true });
    writeFileSync(join(copy, 'results.json'), results);
    const { code, stdout, stderr } = await regatta(dir, 'report', copy, '--format', 'csv');
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^regatta: warning: .*\/results\.json is no results\.json: .*\nregatta: warning: made from the journal of the run, which is ended\n$/,
    );
    expect(stdout).toBe((await regatta(dir, 'report', '--format', 'csv')).stdout);
  });

  it('refuses a run that died before anything happened in it, with code 2', async () => {
    const copy = makeTempDir();
    cpSync(realpathSync(run), copy, { recursive: true });
    rmSync(join(copy, 'results.json'));
    const [head = ''] = readRunFile('journal.jsonl').split('\n');
    writeFileSync(join(copy, 'journal.jsonl'), `${head}\n`);
    const { code, stdout, stderr } = await regatta(dir, 'report', copy, '--format', 'md');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^regatta: error: nothing has happened yet in the run \S+, which is interrupted: its process died; regatta resume goes on with it\n$/,
    );
  });

  it.each(['results.json', 'run.json', 'journal.jsonl', 'metrics.json', 'a link'])(
    'does not write over the record of the run: %s',
    async (name) => {
      const link = join(makeTempDir(), 'link');
      symlinkSync(join(run, 'results.json'), link);
      const output = name === 'a link' ? link : join(run, name);
      const before = readFileSync(output);
      const { code, stdout, stderr } = await regatta(dir, 'report', '--format', 'md', '--output', output);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(
        `regatta: error: cannot write the report to ${output}: it is part of the record`,
      );
      expect(readFileSync(output)).toEqual(before);
    },
  );

  it('says when the log of a failure is gone', async () => {
    const log = join(dir, 'scratch/bad/run.log');
    renameSync(log, `${log}.away`);
    const report = (format: string): ReturnType<typeof regatta> =>
      regatta(dir, 'report', '--format', format, '--output', '-');
    const [md, text, html] = await Promise.all(['md', 'text', 'html'].map(report));
    renameSync(`${log}.away`, log);
    expect(md?.stdout).toMatch(
      /- log: `\/.*\/bad\/run\.log:2`, which was not there when this report was made\n/,
    );
    expect(md?.stdout).toContain('Lines that the record of the run has kept of it:\n\n```text\nERROR: <b>\n');
    expect(text?.stdout).toMatch(/ log {4}\/.*\/bad\/run\.log:2 \(not there\)\n/);
    expect(html?.stdout).toContain('"missingLogs":[1]');
    const [mdAfter, textAfter, htmlAfter] = await Promise.all(['md', 'text', 'html'].map(report));
    expect(mdAfter?.stdout).not.toContain('not there');
    expect(textAfter?.stdout).not.toContain('not there');
    expect(htmlAfter?.stdout).toContain('"missingLogs":[]');
  });

  it('reports without run.json, and says so', async () => {
    const copy = copyWith(readRunFile('results.json'));
    rmSync(join(copy, 'run.json'));
    const { code, stdout, stderr } = await regatta(dir, 'report', copy, '--format', 'md');
    expect(code).toBe(0);
    expect(stderr).toBe(
      'regatta: warning: run.json is missing or torn: how the run was started is not known\n',
    );
    expect(stdout).not.toContain('## Run');
  });

  it.each(['', '{"schema":"regatta.triage/1","buckets":[null],"tests":5}'])(
    'reports without a triage.json that is damaged (%j), and says so',
    async (text) => {
      const copy = copyWith(readRunFile('results.json'));
      writeFileSync(join(copy, 'triage.json'), text);
      const { code, stdout, stderr } = await regatta(dir, 'report', copy, '--format', 'md');
      expect(code).toBe(0);
      expect(stderr).toBe(
        'regatta: warning: triage.json is damaged: what is new, known and gone is not shown\n',
      );
      expect(stdout).toContain('## Failures');
      expect(stdout).not.toContain('seen:');
    },
  );

  it.each([
    ['a run that is not there', ['20990101'], 'there is no run "20990101" (the latest: '],
    ['an unknown format', ['--format', 'mdx'], '--format must be one of '],
    ['a place that cannot be written', ['--output', '/nowhere/x.csv'], 'cannot write /nowhere/x.csv'],
    ['nothing to open', ['--format', 'md', '--open'], '--open needs a file to show (add --output FILE)'],
  ])('refuses %s with code 2', async (_, words, message) => {
    const { code, stdout, stderr } = await regatta(dir, 'report', ...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`regatta: error: ${message}`);
  });

  it('refuses results that are none, and a run that has left none, with code 2', async () => {
    const junk = copyWith('\u0000\u0001\u0002 binary');
    expect(await regatta(dir, 'report', junk)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('results.json is no results.json') as string,
    });
    const young = makeTempDir();
    mkdirSync(join(young, '.regatta/r1'), { recursive: true });
    writeFileSync(join(young, '.regatta/r1/run.json'), '{}');
    symlinkSync('r1', join(young, '.regatta/latest'));
    expect(await regatta(dir, 'report', '-sr', young)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('run.json: it does not say how a run was started') as string,
    });
  });
});
