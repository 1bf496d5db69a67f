// The conformance suite of backends. One for all of them; runs under any test framework.
import { CLOSE_CHECKS } from './checks/close-checks.js';
import { KILL_CHECKS } from './checks/kill-checks.js';
import { SUBMIT_CHECKS } from './checks/submit-checks.js';
import type { ConformanceCheck } from './check.js';

export { appliesTo, type ConformanceCheck } from './check.js';
export {
  ContractBroken,
  type ConformanceHarness,
  type ConformanceJob,
  type JobBehaviour,
} from './harness.js';

/** Every check of the contract in `src/model/backend.ts`. */
export const BACKEND_CHECKS: readonly ConformanceCheck[] = [
  ...SUBMIT_CHECKS,
  ...KILL_CHECKS,
  ...CLOSE_CHECKS,
];
