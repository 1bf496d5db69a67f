// The site's config file and plugins: what they say holds, the command line wins, and every mistake is one clear line before anything runs.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { regatta, writeJobs } from '../support/command.js';
import { makeTempDir } from '../support/temp-dir.js';

/** A project with a job list whose job writes `ran`, and a folder `sub`. */
function makeProject(config?: string): string {
  const dir = makeTempDir();
  mkdirSync(join(dir, '.git'));
  mkdirSync(join(dir, 'sub'));
  writeJobs(dir, [{ full_name: 'a', cmd: `touch ${join(dir, 'ran')}` }]);
  if (config !== undefined) writeFileSync(join(dir, 'regatta.config.hjson'), config);
  return dir;
}

/** A plugin with a backend `mine` that passes every job at once and says what options it got. */
const PLUGIN = `
class Mine {
  name = 'mine';
  open = async (sink) => { this.sink = sink; };
  submit = async (batch) => {
    setImmediate(() => this.sink.ended(batch.map(({ job, attempt }) => ({ job, attempt, end: { kind: 'exited', exitCode: 0 } }))));
    return batch.map(() => ({ kind: 'accepted', running: true }));
  };
  kill = async () => {};
  close = async () => {};
}
export default { name: 'mine', create: ({ options }) => { console.error(JSON.stringify(options)); return new Mine(); } };
`;

const errorsOf = (stderr: string): readonly string[] => stderr.split('\n').filter((line) => line !== '');

describe('the config file', () => {
  it('names the default backend, and is found from below', async () => {
    const dir = makeProject('{\n  backend: fake\n}\n');
    const { code } = await regatta(
      join(dir, 'sub'),
      'run',
      '../jobs.jsonl',
      '--virtual-clock',
      '--status',
      'none',
    );
    expect(code).toBe(0);
    expect(existsSync(join(dir, 'ran'))).toBe(false);
  });

  it('is not looked for outside the project, nor with --no-config', async () => {
    const dir = makeProject('{\n  backend: fake\n}\n');
    const ended = await regatta(dir, 'run', 'jobs.jsonl', '--no-config', '--status', 'none');
    expect(ended.code).toBe(0);
    expect(existsSync(join(dir, 'ran'))).toBe(true);
    const outside = makeTempDir();
    mkdirSync(join(outside, 'below'));
    writeFileSync(join(outside, 'regatta.config.json'), '{"backend": "nonsense"}');
    writeJobs(join(outside, 'below'), [{ full_name: 'a', cmd: 'true' }]);
    expect((await regatta(join(outside, 'below'), 'run', 'jobs.jsonl', '--status', 'none')).code).toBe(0);
  });

  it('is overruled by the command line', async () => {
    const dir = makeProject('{\n  backend: nonsense\n}\n');
    expect((await regatta(dir, 'run', 'jobs.jsonl', '--backend', 'local', '--status', 'none')).code).toBe(0);
  });

  it('is told about with file and line, everything at once, and nothing runs', async () => {
    const dir = makeProject(`{
  backnd: fake
  plugins: nope
  backends: {
    slurm: {
      cpus: 2
      partition: { a: { b: "c" } }
    }
    sge: []
  }
}
`);
    const { code, stderr } = await regatta(dir, 'run', 'jobs.jsonl');
    const file = join(dir, 'regatta.config.hjson');
    expect(code).toBe(2);
    expect(errorsOf(stderr)).toEqual([
      `regatta: error: ${file}:2:3: backnd is not known (did you mean "backend"?)`,
      `regatta: error: ${file}:3:3: plugins must be a list of texts`,
      `regatta: error: ${file}:7:7: backends.slurm.partition must be text, a number, or a list of them, not an object`,
      `regatta: error: ${file}:9:5: backends.sge must hold names and values, not a list`,
    ]);
    expect(existsSync(join(dir, 'ran'))).toBe(false);
    expect(existsSync(join(dir, 'scratch'))).toBe(false);
  });

  it('options of backends are checked, those of targets too', async () => {
    const dir = makeProject(`{
  backends: {
    slurm: {
      partitoin: night
      memory: lots
      targets: {
        build: {
          cpus: 0
        }
      }
    }
    clowd: {
      cpus: 1
    }
  }
}
`);
    const { code, stderr } = await regatta(dir, 'graph', 'jobs.jsonl');
    const file = join(dir, 'regatta.config.hjson');
    expect(code).toBe(2);
    expect(stderr).toContain(`${file}:12:5: there is no backend named "clowd"`);
    expect(stderr).toContain(`${file}:4:7: option slurm.partitoin is not known (did you mean "partition"?)`);
    expect(stderr).toContain(
      `${file}:5:7: option slurm.memory must be an amount of memory: 512M, 4G, not "lots"`,
    );
    const right = await regatta(dir, 'graph', 'jobs.jsonl', '--no-config');
    expect(right.code).toBe(0);
  });

  it.each([
    ['slurm', '--nice=5 --job-name=mine', '--job-name=mine'],
    ['slurm', '-J mine', '-J'],
    ['slurm', '--comment=x --array', '--array'],
    ['slurm', '--requeue', '--requeue'],
    ['sge', '-p -5 -N mine', '-N'],
    ['lsf', '-K', '-K'],
    ['pbs', '-Nmine', '-Nmine'],
    ['htcondor', '-batch-name mine', '-batch-name'],
    ['nc', '-set mine', '-set'],
  ])('further arguments of %s that would hide its jobs are refused: %s', async (engine, words, culprit) => {
    const dir = makeProject();
    const argv = ['--backend', engine, '--backend-opt', `${engine}.extra_args=${words}`];
    const { code, stderr } = await regatta(dir, 'run', 'jobs.jsonl', ...argv);
    expect(code).toBe(2);
    expect(errorsOf(stderr)).toEqual([
      `regatta: error: option ${engine}.extra_args must be without ${culprit}, which is Regatta's to give, not ${JSON.stringify(words)}`,
    ]);
  });

  it.each([
    ['--config nope.hjson', 'nope.hjson: no such file'],
    ['--config broken.hjson', 'broken.hjson:2:1: '],
  ])('%s', async (words, message) => {
    const dir = makeProject();
    writeFileSync(join(dir, 'broken.hjson'), '{ a: {\n');
    const { code, stderr } = await regatta(dir, 'run', 'jobs.jsonl', ...words.split(' '));
    expect(code).toBe(2);
    expect(stderr).toContain(
      `regatta: error: ${join(dir, message.split(':')[0] ?? '')}${message.slice(message.indexOf(':'))}`,
    );
  });
});

describe('a plugin', () => {
  it('brings a backend, which gets what the config and the command line say', async () => {
    const dir = makeProject(`{
  backend: mine
  plugins: ["./site.mjs"]
  backends: {
    mine: { "max_jobs": 3, "colour": "red", "more": ["a", "b"] }
  }
}
`);
    writeFileSync(join(dir, 'site.mjs'), PLUGIN);
    const { code, stderr } = await regatta(
      join(dir, 'sub'),
      ...['run', '../jobs.jsonl', '--status', 'none', '--backend-opt', 'mine.colour=blue'],
    );
    expect(code).toBe(0);
    expect(errorsOf(stderr)).toContain('{"colour":"blue","more":["a","b"]}');
    expect(existsSync(join(dir, 'ran'))).toBe(false);
  });

  it('is taken up again with a run, from anywhere', async () => {
    const dir = makeProject();
    writeFileSync(join(dir, 'site.mjs'), PLUGIN);
    const ran = await regatta(
      dir,
      'run',
      'jobs.jsonl',
      '--plugin',
      './site.mjs',
      '--backend',
      'mine',
      '--status',
      'none',
    );
    expect(ran.code).toBe(0);
    const status = await regatta(join(dir, 'sub'), 'status', '--scratch-root', '../scratch');
    expect(status.code).toBe(0);
  });

  it('may be a package', async () => {
    const dir = makeProject();
    const folder = join(dir, 'node_modules', 'regatta-site');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'package.json'),
      '{"name":"regatta-site","type":"module","main":"./index.js"}',
    );
    writeFileSync(join(folder, 'index.js'), PLUGIN);
    const { code } = await regatta(
      dir,
      ...['run', 'jobs.jsonl', '--plugin', 'regatta-site', '--backend', 'mine', '--status', 'none'],
    );
    expect(code).toBe(0);
  });

  it.each([
    ['nope', null, 'is not there'],
    ['boom', 'throw new Error("boom")', 'fails when it is loaded: boom'],
    ['syntax', 'no syntax at all', 'fails when it is loaded: '],
    ['none', 'export const a = 1;', 'has no default export'],
    ['empty', 'export default [];', 'exports an empty list'],
    ['number', 'export default 5;', 'exports a number, neither a batch engine nor a backend'],
    [
      'name',
      'export default { name: "A b" };',
      'exports something whose name is "A b", not lower-case letters',
    ],
    ['create', 'export default { name: "x", create: 1 };', 'exports x, whose create is no function'],
    ['engine', 'export default { name: "x", title: 5 };', 'title is a number, programs is missing'],
    [
      'taken',
      'export default { name: "slurm", create() {} };',
      'exports a backend named slurm, and there is one already',
    ],
  ])('%s is one clear line, and nothing runs', async (name, text, message) => {
    const dir = makeProject();
    if (text !== null) writeFileSync(join(dir, `${name}.mjs`), text);
    const { code, stderr } = await regatta(dir, 'run', 'jobs.jsonl', '--plugin', `./${name}.mjs`);
    expect(code).toBe(2);
    expect(errorsOf(stderr)).toHaveLength(1);
    expect(stderr).toContain(
      `plugin ${JSON.stringify(join(dir, `${name}.mjs`))} ${message === 'title is a number, programs is missing' ? 'exports x' : message}`,
    );
    expect(stderr).toContain(message);
    expect(existsSync(join(dir, 'scratch'))).toBe(false);
  });

  it.each([
    ['create() { throw new Error("no"); }', 'backend x of a plugin cannot be made: no'],
    ['create() { return {}; }', 'create of backend x of a plugin must return a backend of that name'],
  ])('%s', async (create, message) => {
    const dir = makeProject();
    writeFileSync(join(dir, 'x.mjs'), `export default { name: 'x', ${create} };`);
    const { code, stderr } = await regatta(dir, 'run', 'jobs.jsonl', '--plugin', './x.mjs', '--backend', 'x');
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
