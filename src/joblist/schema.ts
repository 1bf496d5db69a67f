// The shape of a job list, as a zod schema. Loaded only to word problems and to write the JSON Schema: zod is slow to load.
// Knows no meaning: what the numbers and names may be is checked by the graph.
import { z } from 'zod';

// The `error` of each type says what is expected, after "must be"; `check-job.ts` adds the field and what was found.
const text = z.string({ error: 'text' });
const path = text.min(1, { error: 'a path' });
const textOrNull = z.string({ error: 'text or null' }).nullable();
const flag = z.boolean({ error: 'true or false' });
const texts = z.array(text, { error: 'a list of texts' });

const block = z
  .looseObject(
    {
      name: text,
      variant: textOrNull.optional().describe('Variant of the block; empty or null when there is none.'),
    },
    { error: 'an object with a name, or null' },
  )
  .nullable();

const tool = z
  .looseObject(
    {
      name: text,
      version: textOrNull.optional().describe('Version as its owner writes it; empty or null when unknown.'),
    },
    { error: 'an object with a name, or null' },
  )
  .nullable();

const workspace = z.looseObject({ scratch_path: text.optional() }, { error: 'an object or null' }).nullable();

const fake = z
  .strictObject(
    {
      duration_s: z
        .number({ error: 'a number' })
        .optional()
        .describe('How long the job pretends to run, in seconds, from 0.'),
      status: z.enum(['passed', 'failed', 'killed'], { error: 'passed, failed or killed' }).optional(),
      message: text.optional().describe('Text of the pretended failure.'),
    },
    { error: 'an object or null' },
  )
  .nullable();

const anyOfNames = [{ required: ['full_name'] }, { required: ['name'] }, { required: ['id'] }];

/** One job, without its `x_` fields. */
export const jobSchema = z
  .strictObject(
    {
      name: text.optional().describe('Name for people. Default: full_name.'),
      full_name: text.optional().describe('Identity of the job, unique in the list.'),
      id: text.optional().describe('Serves as full_name where there is none.'),
      qual_name: text
        .optional()
        .describe('Names the default output directory and the status links. Default: full_name.'),
      job_type: textOrNull.optional().describe("Kind of job in the producer's words."),
      target: text.optional().describe('Phase: build, run, cov_merge, cov_report, lint, ... Default: run.'),
      backend: textOrNull.optional().describe('Backend it must run on; null: the default one of the run.'),
      resources: z
        .record(text, z.number({ error: 'a number or null' }).nullable(), {
          error: 'an object of numbers, or null',
        })
        .nullable()
        .optional()
        .describe('Units of each named resource it holds while it runs; null asks for an unlimited amount.'),
      seed: z
        .number({ error: 'a whole number or null' })
        .refine(Number.isInteger, { error: 'a whole number or null' })
        .meta({ type: 'integer' })
        .nullable()
        .optional()
        .describe('Seed, for reports.'),
      block: block.optional().describe('Design unit it belongs to.'),
      tool: tool.optional().describe('Simulator, linter, ... it uses.'),
      workspace_cfg: workspace
        .optional()
        .describe("DVSim's; of it, scratch_path is the directory of the status links."),
      dependencies: texts.optional().describe('Full names of the jobs that must end first.'),
      deps: texts.optional().describe('Another spelling of dependencies; give only one.'),
      needs_all_dependencies_passing: flag
        .optional()
        .describe('True (default): every dependency must pass. False: at least one.'),
      weight: z.number({ error: 'a number' }).optional().describe('Larger starts earlier. Default: 1.'),
      timeout_mins: z
        .number({ error: 'a number or null' })
        .nullable()
        .optional()
        .describe('Longest run time in minutes, above 0; null: no limit.'),
      cmd: text.describe('Shell command line.'),
      exports: z
        .record(text, text, { error: 'an object of texts' })
        .optional()
        .describe("Environment variables, on top of the run's."),
      dry_run: flag.optional().describe('Go through the motions without running the command.'),
      interactive: flag.optional().describe('Runs with the terminal as its own.'),
      odir: path
        .optional()
        .describe('Output and working directory. Default: SCRATCH_ROOT/qual_name, made safe.'),
      renew_odir: flag.optional().describe('Move an old output directory aside first.'),
      log_path: path.optional().describe('Log file. Default: odir/target.log.'),
      pass_patterns: texts.optional().describe('Regular expressions; all must match some line of the log.'),
      fail_patterns: texts.optional().describe('Regular expressions; none may match any line of the log.'),
      fake: fake.optional().describe('What the fake backend pretends.'),
      links: z.unknown().optional().describe("DVSim's; ignored."),
      pre_launch: z.unknown().optional().describe("DVSim's; ignored."),
      post_finish: z.unknown().optional().describe("DVSim's; ignored."),
    },
    { error: 'an object' },
  )
  .meta({
    id: 'job',
    patternProperties: { '^x_': {} },
    anyOf: anyOfNames,
    not: { required: ['deps', 'dependencies'] },
  });

/** A job as it may be written, without its `x_` fields. */
export type AcceptedJob = z.output<typeof jobSchema>;

/** A whole document, without its `x_` fields. */
export const documentSchema = z.union([
  z
    .strictObject({
      jobs: z.array(jobSchema),
      $schema: z.unknown().optional().describe('For editors; ignored.'),
      command: z.unknown().optional().describe('What produced the list; ignored.'),
      count: z.unknown().optional().describe('Ignored.'),
    })
    .meta({ patternProperties: { '^x_': {} } }),
  z.array(jobSchema),
]);
