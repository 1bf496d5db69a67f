// Reads triage.json back. Knows no run directory.
import { z } from 'zod';
import { reproSchema } from '../record-schema.js';
import { TRIAGE_SCHEMA, type Triage } from './triage.js';

const sighting = z.object({ run_id: z.string(), started_at: z.string() });
const flakiness = z.object({ repeated: z.number(), mixed: z.number() });

const triageSchema: z.ZodType<Triage> = z.object({
  schema: z.literal(TRIAGE_SCHEMA),
  run_id: z.string(),
  buckets: z.array(
    z.object({
      signature: z.string(),
      state: z.enum(['new', 'known', 'gone']),
      count: z.number(),
      runs: z.number(),
      first_seen: sighting,
      last_seen: sighting.nullable(),
      repro: reproSchema.exactOptional(),
    }),
  ),
  tests: z.array(
    z.object({
      name: z.string(),
      block: z.string().nullable(),
      tool: z.string().nullable(),
      target: z.string(),
      runs: z.number(),
      passed: z.number(),
      failed: z.number(),
      by_seed: flakiness,
      by_revision: flakiness,
      mean_s: z.number().nullable(),
    }),
  ),
});

/** Reads the text of a triage.json; undefined when it is none. */
export function parseTriage(json: string): Triage | undefined {
  try {
    return triageSchema.safeParse(JSON.parse(json)).data;
  } catch {
    // Torn: a report is better without than not at all.
    return undefined;
  }
}
