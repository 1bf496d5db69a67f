// One run of a job list of fake jobs, with or without the record it could be taken up from, everything else being equal; for
// bench/journal.ts. Arguments: the job list, an empty directory, and `on` or `off`.
import { join } from 'node:path';
import { checkJobs } from '../../src/cli/check-jobs.js';
import { composeRun } from '../../src/cli/compose.js';
import { readRunOptions } from '../../src/cli/run-options.js';
import { writeJobs } from '../../src/cli/run-record.js';
import { startRun } from '../../src/driver/run.js';
import { readJobList } from '../../src/joblist/index.js';
import { Journal } from '../../src/journal/index.js';
import { formatResultsJson } from '../../src/results/results-json.js';
import { writeFileWhole } from '../../src/results/write-file.js';

const [list = '', dir = '', record] = process.argv.slice(2);
const raw = { backend: 'fake', virtualClock: true, maxParallel: '1000', status: 'none' };
const options = readRunOptions(raw, {});
const scratchRoot = join(dir, 'scratch');
const source = await readJobList(list, { scratchRoot });
const checked = checkJobs(source, options, { scratchRoot: null, warn: () => undefined });
const runId = 'bench';
const fail = (message: string): never => {
  throw new Error(message);
};
const { plan, records, judge } = composeRun(
  { runId, checked, options, kept: null },
  { more: [], onTrouble: fail },
);
let recorder: Journal | undefined;
if (record === 'on') {
  const kept = { jobs: source.jobs, scratchRoot, isSynced: true };
  const jobsDigest = await writeJobs(join(dir, 'jobs.jsonl'), kept);
  const settings = { path: join(dir, 'journal.jsonl'), durability: 'batch', onFailure: fail } as const;
  recorder = Journal.create(settings, { runId, jobs: source.jobs.length, jobsDigest });
}
const run = await startRun(recorder === undefined ? plan : { ...plan, recorder });
await run.ended;
await judge.close();
const failure = await writeFileWhole(
  join(dir, 'results.json'),
  formatResultsJson(records.collector.build(0)),
);
if (failure !== undefined) fail(failure.message);
