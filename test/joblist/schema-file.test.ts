// The JSON Schema in the package is that of the code.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { JOB_FIELDS } from '../../src/joblist/check-fields.js';
import { makeJobListSchema } from '../../src/joblist/json-schema.js';
import { fromRepoRoot } from '../support/repo-root.js';

interface Schema {
  readonly $defs: {
    readonly job: { readonly properties: Readonly<Record<string, { description?: string }>> };
  };
}

test('schema/job-list.schema.json is up to date; if not: npm run schema', () => {
  const file = readFileSync(fromRepoRoot('schema/job-list.schema.json'), 'utf8');
  expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(makeJobListSchema())));
});

test('every field is described in the schema and in the reference', () => {
  const { properties } = (makeJobListSchema() as Schema).$defs.job;
  const reference = readFileSync(fromRepoRoot('docs/reference/job-list.md'), 'utf8');
  for (const field of JOB_FIELDS) {
    expect(properties[field]?.description, field).toMatch(/\.$/);
    expect(reference).toContain(`\`${field}\``);
  }
});
