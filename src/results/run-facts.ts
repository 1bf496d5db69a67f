// What run.json says of a run, read back. Knows no run directory and no layout of a report.
import { z } from 'zod';

/** Revision of the source tree that held the input. */
export interface Revision {
  /** Full hash of the commit. */
  readonly commit: string;
  /** Null when no branch is checked out. */
  readonly branch: string | null;
  /** Whether tracked files differed from the commit when the run started. */
  readonly dirty: boolean;
}

const text = z.string().nullish().catch(null);
const amount = z.number().nullish().catch(null);

/** Every field may be missing: older runs did not write all of them, and a report is better with some than with none. */
const factsSchema = z.object({
  regatta_version: text,
  node_version: text,
  host: text,
  cwd: text,
  command: z.array(z.string()).nullish().catch(null),
  input: text,
  scratch_root: text,
  jobs: amount,
  max_parallel: amount,
  resources: z.record(z.string(), z.number()).nullish().catch(null),
  default_backend: text,
  git: z
    .object({ commit: z.string(), branch: z.string().nullable(), dirty: z.boolean() })
    .nullish()
    .catch(null),
  tools: z
    .array(z.object({ name: z.string(), version: z.string() }))
    .nullish()
    .catch(null),
});

/** What is known of how a run was started, by the names of run.json. */
export type RunFacts = z.infer<typeof factsSchema>;

/** Reads the text of a run.json; undefined when it is none. Fields that are wrong count as missing. */
export function parseRunFacts(json: string): RunFacts | undefined {
  try {
    return factsSchema.safeParse(JSON.parse(json)).data;
  } catch {
    // Torn: a run that was ended while it wrote its first file.
    return undefined;
  }
}
