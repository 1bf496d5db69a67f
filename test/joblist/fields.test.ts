// Fields that are unknown, missing, doubled or of the wrong type: exactly as the user sees it.
import { describe, expect, test } from 'vitest';
import { problemsOf, problemsOfJob } from './read.js';

const OWN_HINT = '(a field of your own is called x_...)';

describe('an unknown field', () => {
  test.each([
    ['pass_pattern', 'did you mean "pass_patterns"?'],
    ['full_nam', 'did you mean "full_name"?'],
    ['fullName', 'did you mean "full_name"?'],
    ['Cmds', 'did you mean "cmd"?'],
    ['command', 'did you mean "cmd"?'],
    ['comand', 'did you mean "cmd"?'],
    ['env', 'did you mean "exports"?'],
    ['timeout', 'did you mean "timeout_mins"?'],
    ['colour', OWN_HINT.slice(1, -1)],
    ['constructor', OWN_HINT.slice(1, -1)],
    ['__proto__', OWN_HINT.slice(1, -1)],
  ])('%s is named, with advice', async (field, hint) => {
    const text = `{"name":"a","cmd":"c",\n "${field}":1}`;
    expect(await problemsOf(`[${text}]`)).toEqual([
      `jobs.json:2:${field.length + 5}: job "a" has the unknown field ${field} (${hint})`,
    ]);
  });

  test('is told apart from those that are ignored', async () => {
    expect(await problemsOfJob({ name: 'a', cmd: 'c', x_own: 1, links: {}, 'odd\nname': 1 })).toEqual([
      `jobs.json:1:56: job "a" has the unknown field "odd\\nname" ${OWN_HINT}`,
    ]);
  });

  test('inside fake is one, too; inside block, tool and workspace_cfg it is not', async () => {
    const loose = { name: 'n', commit: 'abc' };
    expect(
      await problemsOfJob({
        name: 'a',
        cmd: 'c',
        fake: { duration: 1 },
        block: loose,
        tool: loose,
        workspace_cfg: loose,
      }),
    ).toEqual(['jobs.json:1:42: job "a" has the unknown field fake.duration (did you mean "duration_s"?)']);
  });

  test('of the document is named', async () => {
    const text = '{"jobs": [],\n "x_mine": 1, "count": 0, "$schema": "s",\n "comand": 1, "tag": 2}';
    expect(await problemsOf(text)).toEqual([
      'jobs.json:3:12: the document has the unknown field "comand" (did you mean "command"?)',
      `jobs.json:3:22: the document has the unknown field "tag" ${OWN_HINT}`,
    ]);
  });

  test('that should be jobs is named', async () => {
    expect(await problemsOf('{"job": []}', 'document')).toEqual([
      'jobs.json: there is no list of jobs (did you mean "jobs" by "job"?)',
    ]);
  });
});

describe('a missing field', () => {
  test('cmd', async () => {
    expect(await problemsOfJob({ full_name: 'uart:a' })).toEqual(['jobs.json:1:1: job "uart:a" has no cmd']);
  });

  test('full_name, name and id', async () => {
    expect(await problemsOf('[{"cmd":"c"},\n{"cmd":"c","qual_name":"q"}]')).toEqual([
      'jobs.json:1:2: job 1 has no full_name (give it a unique "full_name", or "name" or "id" to serve as one)',
      'jobs.json:2:1: job 2 has no full_name (give it a unique "full_name", or "name" or "id" to serve as one)',
    ]);
  });

  test('all, in an empty job', async () => {
    expect(await problemsOfJob({})).toEqual([
      'jobs.json:1:1: job 1 has no full_name (give it a unique "full_name", or "name" or "id" to serve as one)',
      'jobs.json:1:1: job 1 has no cmd',
    ]);
  });
});

test('deps and dependencies together are refused', async () => {
  expect(await problemsOfJob({ name: 'a', cmd: 'c', deps: [], dependencies: [] })).toEqual([
    'jobs.json:1:30: job "a" has both deps and dependencies (they are one field: give only one of them)',
  ]);
});

describe('a field of the wrong type', () => {
  test.each([
    ['full_name', 5, 'full_name must be text, not 5'],
    ['cmd', ['make'], 'cmd must be text, not a list'],
    ['cmd', null, 'cmd must be text, not null'],
    ['qual_name', {}, 'qual_name must be text, not an object'],
    ['job_type', 1, 'job_type must be text or null, not 1'],
    ['target', null, 'target must be text, not null'],
    ['backend', false, 'backend must be text or null, not false'],
    ['resources', [1], 'resources must be an object of numbers, or null, not a list'],
    ['resources', { VCS: '1' }, 'resources.VCS must be a number or null, not "1"'],
    ['seed', '7', 'seed must be a whole number or null, not "7"'],
    ['seed', 1.5, 'seed must be a whole number or null, not 1.5'],
    ['block', 'uart', 'block must be an object with a name, or null, not "uart"'],
    ['block', { name: 1 }, 'block.name must be text, not 1'],
    ['tool', [], 'tool must be an object with a name, or null, not a list'],
    ['workspace_cfg', '/w', 'workspace_cfg must be an object or null, not "/w"'],
    ['workspace_cfg', { scratch_path: 1 }, 'workspace_cfg.scratch_path must be text, not 1'],
    ['dependencies', 'b', 'dependencies must be a list of texts, not "b"'],
    ['odir', '', 'odir must be a path, not ""'],
    ['log_path', '', 'log_path must be a path, not ""'],
    ['dependencies', ['b', 7], 'dependencies[1] must be text, not 7'],
    ['deps', null, 'deps must be a list of texts, not null'],
    ['needs_all_dependencies_passing', 1, 'needs_all_dependencies_passing must be true or false, not 1'],
    ['weight', '1', 'weight must be a number, not "1"'],
    ['weight', null, 'weight must be a number, not null'],
    ['timeout_mins', '60', 'timeout_mins must be a number or null, not "60"'],
    ['exports', ['A=1'], 'exports must be an object of texts, not a list'],
    ['exports', { A: 1 }, 'exports.A must be text, not 1'],
    ['exports', { 'odd name': null }, 'exports["odd name"] must be text, not null'],
    ['exports', { constructor: 1 }, 'exports.constructor must be text, not 1'],
    ['dry_run', 'yes', 'dry_run must be true or false, not "yes"'],
    ['interactive', 0, 'interactive must be true or false, not 0'],
    ['odir', null, 'odir must be text, not null'],
    ['log_path', 7, 'log_path must be text, not 7'],
    ['pass_patterns', 'x'.repeat(50), `pass_patterns must be a list of texts, not "${'x'.repeat(40)}..."`],
    ['fail_patterns', [null], 'fail_patterns[0] must be text, not null'],
    ['fake', 3, 'fake must be an object or null, not 3'],
    ['fake', { status: 'ok' }, 'fake.status must be passed, failed or killed, not "ok"'],
    ['fake', { duration_s: '3' }, 'fake.duration_s must be a number, not "3"'],
  ])('%s: %j', async (field, value, expected) => {
    const problems = await problemsOfJob({ full_name: 'a', id: 'a', cmd: 'c', [field]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^jobs\.json:1:\d+: job "a": /);
    expect(problems[0]?.split('job "a": ')[1]).toBe(expected);
  });

  test.each(['weight', 'timeout_mins', 'seed'])('%s: 1e999', async (field) => {
    const expected = { weight: 'a number', timeout_mins: 'a number or null', seed: 'a whole number or null' };
    expect(await problemsOf(`{"name":"a","cmd":"c","${field}":1e999}`)).toEqual([
      `jobs.json:1:${field.length + 26}: job "a": ${field} must be ${expected[field as 'weight']}, not a number too large to hold`,
    ]);
  });

  test('all at once, in the order of the text', async () => {
    expect(
      await problemsOf(
        '{"jobs": [\n  {"name": "a", "cmd": 5,\n   "weigth": 1, "exports": {"A": 1}},\n  "b",\n  {"cmd": "c"}]}',
      ),
    ).toEqual([
      'jobs.json:2:24: job "a": cmd must be text, not 5',
      'jobs.json:3:14: job "a" has the unknown field weigth (did you mean "weight"?)',
      'jobs.json:3:34: job "a": exports.A must be text, not 1',
      'jobs.json:4:3: job 2 must be an object, not "b"',
      'jobs.json:5:3: job 3 has no full_name (give it a unique "full_name", or "name" or "id" to serve as one)',
    ]);
  });

  test('in very many jobs is told of twenty', async () => {
    const problems = await problemsOf('{"name":"a"}\n'.repeat(1000), 'lines');
    expect(problems).toHaveLength(21);
    expect(problems[19]).toBe('jobs.json:20:1: job "a" has no cmd');
    expect(problems[20]).toBe('... and 980 more problems of kind missing-field');
  });
});

describe('the name __proto__', () => {
  test.each(['exports', 'resources'])('is refused in %s', async (field) => {
    const text = `{"name":"a","cmd":"c","${field}":{"__proto__":null}}`;
    expect(await problemsOf(text)).toEqual([
      `jobs.json:1:${field.length + 39}: job "a": ${field} may not have the name "__proto__"`,
    ]);
  });
});

describe('a document without jobs', () => {
  test.each(['{}', '5', 'null', '"x"', '{"jobs":{}}', '{"jobs":null}'])('%s', async (text) => {
    expect(await problemsOf(text, 'document')).toEqual([
      'jobs.json: there is no list of jobs (write {"jobs": [...]}, or one job a line in a file called *.jsonl)',
    ]);
  });
});
