// Writes schema/job-list.schema.json from the zod schema of the job list. Run by `npm run schema` after changing that.
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { makeJobListSchema } from '../src/joblist/json-schema.js';

const file = new URL('../schema/job-list.schema.json', import.meta.url).pathname;
const style = await resolveConfig(file);
writeFileSync(file, await format(JSON.stringify(makeJobListSchema()), { ...style, filepath: file }));
