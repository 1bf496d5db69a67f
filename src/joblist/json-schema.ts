// The JSON Schema of a job list, made from the zod schema. For `scripts/write-schema.ts`; nothing loads it in a run.
import { z } from 'zod';
import { documentSchema } from './schema.js';

/** JSON Schema (draft 2020-12) of a document; `#/$defs/job` is that of one line of a list in lines. */
export function makeJobListSchema(): object {
  return {
    ...z.toJSONSchema(documentSchema, { io: 'input' }),
    $id: 'regatta/job-list.schema.json',
    title: 'Regatta job list',
  };
}
