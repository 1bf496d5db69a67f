// Expands the attributes of a job and has the commands run that they need. Knows no kind of job.
import type { FlowContext } from '../config/flow-config.js';
import {
  expandAttributes,
  gatherAttributes,
  type AttributeSources,
  type JobAttributes,
} from './job-attributes.js';

/** No wildcard stays. */
export const NOTHING_HELD: ReadonlySet<string> = new Set();

/** Attributes of a job, expanded, once the commands they need have run. */
export async function expandJob(
  from: AttributeSources,
  { env, commands }: Pick<FlowContext, 'env' | 'commands'>,
  held = NOTHING_HELD,
): Promise<JobAttributes> {
  const attributes = gatherAttributes(from);
  const rules = { env, runCommand: commands.outputOf, held };
  while (!expandAttributes(attributes, from, rules)) await commands.run();
  return attributes;
}
