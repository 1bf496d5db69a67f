// Writes a file so that a reader sees the old or the new one, never a part. Knows nothing of what is written.
import { randomBytes, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemWordsOf } from '../util/message-of.js';

/** Why a file could not be written; an old one of that name is as it was. */
export interface WriteFailure {
  readonly path: string;
  /** One line, naming the path. */
  readonly message: string;
}

/** Strings are gathered to writes of about this many characters. */
const WRITE_CHARS = 1 << 18;

const BUFFER_BYTES = 1 << 20;

const encoder = new TextEncoder();

/**
 * Writes the text to a new file beside `path` and gives it that name. What is no regular file (a pipe, `/dev/stdout`)
 * is written to directly. `path`'s directory must exist.
 *
 * @returns undefined when all is written; what went wrong when the system refused: full disk, no permission, ...
 * @throws only what `chunks` throws.
 */
export async function writeFileWhole(
  path: string,
  chunks: Iterable<string>,
): Promise<WriteFailure | undefined> {
  try {
    const target = await resolveTarget(path);
    if (target.isRegular) await replaceFile(target.path, chunks);
    else await writeStraight(target.path, chunks);
    return undefined;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { path, message: `cannot write ${path}: ${systemWordsOf(error)}` };
  }
}

async function resolveTarget(path: string): Promise<{ path: string; isRegular: boolean }> {
  try {
    const stats = await stat(path);
    // A link stays a link; what it points at is replaced.
    return stats.isFile() ? { path: await realpath(path), isRegular: true } : { path, isRegular: false };
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return { path, isRegular: true };
    throw error;
  }
}

async function replaceFile(path: string, chunks: Iterable<string>): Promise<void> {
  const temporary = join(dirname(path), `.regatta-${randomBytes(6).toString('hex')}.tmp`);
  const file = await open(temporary, 'wx');
  try {
    try {
      await writeChunks(file, chunks);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    // The first error is the one to tell; a file that cannot be removed either adds nothing to it.
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

async function writeStraight(path: string, chunks: Iterable<string>): Promise<void> {
  const file = await open(path, 'w');
  try {
    await writeChunks(file, chunks);
  } finally {
    await file.close();
  }
}

/**
 * Appends texts to an open file, in UTF-8.
 * @param hash - Takes up what is written, as it is written.
 * @throws the system's error.
 */
export async function writeChunks(file: FileHandle, chunks: Iterable<string>, hash?: Hash): Promise<void> {
  // One buffer for all: new ones would be garbage of the size of the file.
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  const write = async (text: string): Promise<void> => {
    for (let from = 0; from < text.length;) {
      const { read, written } = encoder.encodeInto(text.slice(from), buffer);
      from += read;
      hash?.update(buffer.subarray(0, written));
      for (let done = 0; done < written;) {
        done += (await file.write(buffer, done, written - done)).bytesWritten;
      }
    }
  };
  let pending = '';
  for (const chunk of chunks) {
    pending += chunk;
    if (pending.length < WRITE_CHARS) continue;
    await write(pending);
    pending = '';
  }
  await write(pending);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
