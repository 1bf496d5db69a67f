// Gets the bytes of a job list from a file or a stream and makes sure that they are text. Knows no JSON.
import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { UserError } from '../model/problem.js';

const WORDS_OF_ERROR: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a directory, not a job list',
  ENOTDIR: 'there is no such file: a part of its path is not a directory',
  EACCES: 'this file may not be read',
  ERR_FS_FILE_TOO_LARGE: 'this file is larger than 2 GiB',
};

/**
 * All bytes of a file (a pipe will do).
 *
 * @param file - Its name in messages.
 * @param flag - How it is opened.
 * @throws UserError `unreadable-input`.
 */
export async function readBytes(
  path: string,
  file: string,
  flag: number = constants.O_RDONLY,
): Promise<Buffer> {
  try {
    return await readFile(path, { flag });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new UserError(
      {
        code: 'unreadable-input',
        message: WORDS_OF_ERROR[code] ?? `this file cannot be read: ${message}`,
        origin: { file },
      },
      { cause: error },
    );
  }
}

/** All bytes of a stream, to its end. */
export async function drain(stream: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const LINE_FEED = 0x0a;

/**
 * The bytes without a byte order mark.
 *
 * @throws UserError `not-utf8`, with the line that is not.
 */
export function requireUtf8(bytes: Buffer, file: string): Buffer {
  const marked = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  const text = marked ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;
  if (isUtf8(text)) return text;
  throw new UserError({
    code: 'not-utf8',
    message: 'this line is not UTF-8 text',
    origin: { file, line: firstBadLine(text) },
    hint: 'save the file as UTF-8',
  });
}

function firstBadLine(bytes: Buffer): number {
  for (let start = 0, line = 1; ; line++) {
    const end = bytes.indexOf(LINE_FEED, start);
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}
