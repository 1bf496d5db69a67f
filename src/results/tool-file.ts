// Reads a file that a tool has written, which may be missing, huge, binary, or of another run. Knows no format.
import { readFile, stat } from 'node:fs/promises';
import { messageOf } from '../util/message-of.js';
import type { JobResult } from './schema.js';

/** Larger files are no summaries. */
const MAX_BYTES = 128 * 1024 * 1024;

/** Clocks of file servers and hosts differ by this much at most. */
const CLOCK_SLACK_MS = 60_000;

/** What came of reading; notices are one line and name the file. */
export type ToolFile =
  /** `notice` tells that the file may not be of this run. */
  | { readonly kind: 'text'; readonly text: string; readonly notice: string | null }
  | { readonly kind: 'absent'; readonly notice: string }
  | { readonly kind: 'unusable'; readonly notice: string };

/**
 * Reads a file as UTF-8 text. Never rejects.
 *
 * @param writer - The job that is to have written the file: one of another time is pointed out.
 */
export async function readToolFile(
  path: string,
  writer: Pick<JobResult, 'started_at' | 'ended_at'>,
): Promise<ToolFile> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return { kind: 'unusable', notice: `${path} is no regular file` };
    if (stats.size > MAX_BYTES) {
      return {
        kind: 'unusable',
        notice: `${path} is too large: ${stats.size} bytes of at most ${MAX_BYTES}`,
      };
    }
    const text = await readFile(path, 'utf8');
    if (text.includes('\0')) return { kind: 'unusable', notice: `${path} holds binary data, no text` };
    return { kind: 'text', text, notice: checkTime(path, stats.mtimeMs, writer) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent', notice: `${path} is missing` };
    return { kind: 'unusable', notice: `cannot read ${path}: ${messageOf(error)}` };
  }
}

function checkTime(
  path: string,
  writtenMs: number,
  { started_at, ended_at }: Pick<JobResult, 'started_at' | 'ended_at'>,
): string | null {
  if (started_at !== null && writtenMs < Date.parse(started_at) - CLOCK_SLACK_MS) {
    return `${path} is older than the job that should have written it: it may be of an earlier run`;
  }
  if (writtenMs > Date.parse(ended_at) + CLOCK_SLACK_MS) {
    return `${path} is newer than the job that should have written it: it may be of a later run`;
  }
  return null;
}
