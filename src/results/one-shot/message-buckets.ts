// Sorts the messages of a tool's results by part of the flow and severity, in DVSim's names. Pure; knows no file.
import { SEVERITIES, type MessageBucket, type Severity } from './one-shot.js';

/** How the config of a block wants its messages sorted. */
export interface BucketRules {
  /** Labels, by key (`lint_warning`); empty for the usual one. */
  readonly labels: ReadonlyMap<string, string>;
  readonly fatal: ReadonlySet<string>;
  /** Messages shown of each bucket. */
  readonly maxExamples: number;
}

/** Messages shown of each bucket, unless the config wants fewer. */
const MAX_EXAMPLES = 20;

const MAX_MESSAGE_CHARS = 500;

/** Severities that fail a job where the config does not say. */
const USUAL_FATAL = ['error'];

/** Reads `message_buckets`, `fail_severities` and `max_msg_count` of a config. */
export function readBucketRules(keys: Readonly<Record<string, unknown>>): BucketRules {
  const labels = new Map<string, string>();
  for (const bucket of listOf(keys['message_buckets'])) {
    if (typeof bucket !== 'object' || bucket === null) continue;
    const { category, severity, label } = bucket as Record<string, unknown>;
    if (typeof label === 'string' && label !== '')
      labels.set(`${String(category)}_${String(severity)}`, label);
  }
  const fatal = listOf(keys['fail_severities']).filter((severity) => typeof severity === 'string');
  const limit = keys['max_msg_count'];
  return {
    labels,
    fatal: new Set(keys['fail_severities'] === undefined ? USUAL_FATAL : fatal),
    maxExamples: typeof limit === 'number' && limit >= 0 ? Math.min(limit, MAX_EXAMPLES) : MAX_EXAMPLES,
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Buckets of what has messages, worst first, and what was wrong with the rest. */
export interface SortedMessages {
  readonly messages: readonly MessageBucket[];
  readonly notices: readonly string[];
}

/**
 * Sorts `{ KEY: [message ...] }`. A key is `CATEGORY_SEVERITY` (`lint_warning`, `flow_errors`); in the words of formal tools
 * also a severity alone (`errors`). Other keys are left to the caller.
 */
export function sortMessages(
  dict: Readonly<Record<string, unknown>>,
  rules: BucketRules,
  category: string,
): SortedMessages {
  const messages: MessageBucket[] = [];
  const notices: string[] = [];
  for (const [key, value] of Object.entries(dict)) {
    const place = readKey(key, category);
    if (place === null || value === null) continue;
    if (!Array.isArray(value)) {
      notices.push(`${JSON.stringify(key)} is no list of messages`);
      continue;
    }
    if (value.length > 0) messages.push(makeBucket(place, value, rules));
  }
  const rank = ({ severity }: MessageBucket): number => SEVERITIES.indexOf(severity);
  return { messages: messages.sort((a, b) => rank(a) - rank(b)), notices };
}

interface BucketPlace {
  readonly category: string;
  readonly severity: Severity;
}

function readKey(key: string, category: string): BucketPlace | null {
  const [, prefix, word = ''] = /^(?:(.+)[_-])?([a-z]+)$/.exec(key) ?? [];
  const severity = SEVERITIES.find((name) => word === name || word === `${name}s`);
  return severity === undefined ? null : { category: prefix ?? category, severity };
}

function makeBucket(
  { category, severity }: BucketPlace,
  messages: readonly unknown[],
  { labels, fatal, maxExamples }: BucketRules,
): MessageBucket {
  return {
    category,
    severity,
    label: labels.get(`${category}_${severity}`) ?? `${category} ${severity}`,
    count: messages.length,
    examples: messages.slice(0, maxExamples).map(showMessage),
    is_fatal: fatal.has(severity),
  };
}

function showMessage(message: unknown): string {
  const text = (typeof message === 'string' ? message : (JSON.stringify(message) ?? '')).trim();
  return text.length > MAX_MESSAGE_CHARS ? `${text.slice(0, MAX_MESSAGE_CHARS - 1)}…` : text;
}

/** How many messages there are of each severity. */
export function countSeverities(messages: readonly MessageBucket[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, review: 0, info: 0, waived: 0 };
  for (const { severity, count } of messages) counts[severity] += count;
  return counts;
}
