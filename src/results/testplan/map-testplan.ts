// Maps the tests that ran to the testpoints of a testplan, and sums up. Pure; the rules are those of the design page:
// a testpoint has each of its tests once, and the totals hold each test once, in the first stage that names it.
import type { BlockRecord, FlowRecord, TestplanRecord, TestpointRecord } from '../flow-record.js';
import type { ResultsView } from '../schema.js';
import type {
  ProgressTotals,
  StageProgress,
  TestplanProgress,
  TestpointProgress,
  TestpointState,
  TestProgress,
  TestTally,
} from './progress.js';
import { NO_RUNS, tallyTests } from './tally-tests.js';

/** The progress of each block that has a testplan, in the order of the blocks. */
export function mapTestplans(record: FlowRecord, results: Pick<ResultsView, 'jobs'>): TestplanProgress[] {
  const planned = record.blocks.filter(hasTestplan);
  if (planned.length === 0) return [];
  const tallies = tallyTests(results.jobs);
  return planned.map(({ title, testplan }) => mapTestplan(title, testplan, tallies.get(title) ?? new Map()));
}

function hasTestplan(block: BlockRecord): block is BlockRecord & { readonly testplan: TestplanRecord } {
  return block.testplan !== null;
}

function mapTestplan(
  block: string,
  testplan: TestplanRecord,
  tallies: ReadonlyMap<string, TestTally>,
): TestplanProgress {
  const rows = new RowMaker(tallies);
  const stages: StageProgress[] = [];
  for (const [stage, testpoints] of groupByStage(testplan.testpoints)) {
    const made = testpoints.map((testpoint) => rows.makeTestpoint(testpoint));
    stages.push({ stage, rows: made, ...sumTestpoints(made) });
  }
  const unmapped = [...tallies.keys()].flatMap((name) => rows.makeUnmapped(name) ?? []);
  const unmappedTotals = { testpoints: NOTHING, ...sumTests(unmapped) };
  return {
    block,
    file: testplan.file,
    stages,
    unmapped: { rows: unmapped, ...unmappedTotals },
    total: [...stages, unmappedTotals].reduce(addTotals, NO_TOTALS),
    covergroups: testplan.covergroups,
  };
}

function groupByStage(testpoints: readonly TestpointRecord[]): Map<string, TestpointRecord[]> {
  const stages = new Map<string, TestpointRecord[]>();
  for (const testpoint of testpoints) {
    const group = stages.get(testpoint.stage);
    if (group === undefined) stages.set(testpoint.stage, [testpoint]);
    else group.push(testpoint);
  }
  // "Not applicable" comes first by name; what is planned for a stage matters more.
  const none = stages.get(NO_STAGE);
  if (none !== undefined && stages.delete(NO_STAGE)) stages.set(NO_STAGE, none);
  return stages;
}

const NO_STAGE = 'N.A.';

/** Makes rows, and knows which tests have had one. */
class RowMaker {
  readonly #tallies: ReadonlyMap<string, TestTally>;
  readonly #seen = new Set<string>();

  constructor(tallies: ReadonlyMap<string, TestTally>) {
    this.#tallies = tallies;
  }

  makeTestpoint({ name, desc, is_mapped, tests }: TestpointRecord): TestpointProgress {
    // A wildcard that stands for nothing leaves an empty name.
    const names = new Set(is_mapped ? tests.filter((test) => test !== '') : []);
    const rows = [...names].map((test) => this.#makeTest(test));
    return { name, desc, is_mapped, state: is_mapped ? stateOf(rows) : 'not-mapped', tests: rows };
  }

  /** Undefined for a test that has a row. */
  makeUnmapped(name: string): TestProgress | undefined {
    return this.#seen.has(name) ? undefined : this.#makeTest(name);
  }

  #makeTest(name: string): TestProgress {
    const is_counted = !this.#seen.has(name);
    this.#seen.add(name);
    return { name, is_counted, ...(this.#tallies.get(name) ?? NO_RUNS) };
  }
}

function stateOf(tests: readonly TestProgress[]): TestpointState {
  if (tests.length === 0) return 'no-tests';
  if (tests.some(({ passed, total }) => passed < total)) return 'failing';
  const ran = tests.filter(({ total }) => total > 0).length;
  if (ran === 0) return 'not-run';
  return ran < tests.length ? 'partial' : 'passing';
}

const NOTHING = { total: 0, ran: 0, passing: 0 };
const NO_TOTALS: ProgressTotals = { testpoints: NOTHING, tests: NOTHING, runs: { passed: 0, total: 0 } };

function sumTestpoints(rows: readonly TestpointProgress[]): ProgressTotals {
  const mapped = rows.filter(({ is_mapped }) => is_mapped);
  const testpoints = {
    total: mapped.length,
    ran: mapped.filter(({ tests }) => tests.some(({ total }) => total > 0)).length,
    passing: mapped.filter(({ state }) => state === 'passing').length,
  };
  return { testpoints, ...sumTests(rows.flatMap(({ tests }) => tests)) };
}

function sumTests(rows: readonly TestProgress[]): Pick<ProgressTotals, 'tests' | 'runs'> {
  const counted = rows.filter(({ is_counted }) => is_counted);
  const ran = counted.filter(({ total }) => total > 0);
  return {
    tests: {
      total: counted.length,
      ran: ran.length,
      passing: ran.filter(({ passed, total }) => passed === total).length,
    },
    runs: {
      passed: ran.reduce((sum, { passed }) => sum + passed, 0),
      total: ran.reduce((sum, { total }) => sum + total, 0),
    },
  };
}

function addTotals(a: ProgressTotals, b: ProgressTotals): ProgressTotals {
  const add = (key: 'testpoints' | 'tests'): ProgressTotals['tests'] => ({
    total: a[key].total + b[key].total,
    ran: a[key].ran + b[key].ran,
    passing: a[key].passing + b[key].passing,
  });
  return {
    testpoints: add('testpoints'),
    tests: add('tests'),
    runs: { passed: a.runs.passed + b.runs.passed, total: a.runs.total + b.runs.total },
  };
}
