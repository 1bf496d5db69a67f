// What holds of every engine's description: it is total, whatever its programs answer, and never says of garbage that it is an answer.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as batch from '../../../src/backends/batch/index.js';
import { complained, said, SCOPE, submissionOf } from './engine-words.js';

const ENGINES = [batch.SLURM, batch.SGE, batch.LSF, batch.PBS, batch.HTCONDOR, batch.NC];

/** Pinned, so that a failure repeats itself. */
const SEED = 20_261_124;

/** Pieces of what engines print, put together anyhow. */
const answers = fc.record({
  exitCode: fc.constantFrom(0, 1, 255),
  stdout: fc
    .array(
      fc.oneof(
        fc.string(),
        fc.constantFrom(
          '\n',
          '{"Jobs":{"1[2].pbs":',
          '{"RECORDS":[{',
          '"STAT":"RUN"',
          '[{"ClusterId":',
          '}]',
        ),
        fc.constantFrom(
          '12|1-99999999|RUNNING|0|None|rgt-x-1',
          '<job_list>',
          '<tasks>1-9999999999:0</tasks>',
        ),
        fc.constantFrom('</job_list>', '</job_info>', '1.1-20:1', 'Job <1> is submitted to ', '0001234 Done'),
      ),
      { maxLength: 8 },
    )
    .map((pieces) => pieces.join('')),
  stderr: fc.string(),
});

describe.each(ENGINES)('$title', (engine) => {
  test('takes any answer', () => {
    fc.assert(
      fc.property(answers, (answer) => {
        engine.readProbe(answer);
        engine.readSubmit(answer);
        engine.readQuery(answer, SCOPE);
        engine.history?.read(answer, SCOPE);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('takes silence and complaints for no success', () => {
    expect(engine.readSubmit(said('')).kind).toBe('unclear');
    expect(engine.readSubmit(complained('no')).kind).toBe('rejected');
    expect(engine.readProbe(complained('no')).kind).toBe('unavailable');
    expect(engine.readQuery(complained('no'), SCOPE).kind).toBe('unavailable');
  });

  test('passes on free-form arguments, and names its options in small letters', () => {
    const { args } = submissionOf(engine, 1, { extraArgs: ['--of=mine'] }).command;
    expect(args).toContain('--of=mine');
    expect(engine.name).toMatch(/^[a-z0-9]+$/);
    for (const name of Object.keys(engine.options)) expect(name).toMatch(/^[a-z][a-z_]*$/);
  });

  test('has a command for every target, of bounded length', () => {
    const targets = Array.from({ length: 250 }, (_, i) => ({ id: String(i + 1), tasks: null }));
    const commands = engine.cancel(targets);
    const named = new Set(commands.flatMap(({ args }) => args));
    for (const { id } of targets) expect(named).toContain(id);
    for (const { args } of commands) expect(args.length).toBeLessThan(110);
  });
});
