// Words for errors of the operating system. Knows the errors, not who met them.

/** Errors that say nothing of the job, only that the machine is short of something right now. */
const SHORTAGES: Readonly<Record<string, string>> = {
  EAGAIN: 'no more processes may be started',
  ENOMEM: 'out of memory',
  EMFILE: 'too many open files in this process',
  ENFILE: 'too many open files on this machine',
};

const WORDS: Readonly<Record<string, string>> = {
  ...SHORTAGES,
  ENOENT: 'no such file or directory',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'too many symbolic links',
  EEXIST: 'a file of that name is in the way',
  ENOTEMPTY: 'the directory is not empty',
  EBUSY: 'it is in use',
};

/** The code of a thrown system error, `ENOENT`; the error's text where it has none. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error as NodeJS.ErrnoException).code ?? error.message;
}

/** An error's code with words: `no such file or directory (ENOENT)`. */
export function describeCode(code: string): string {
  const words = WORDS[code];
  return words === undefined ? code : `${words} (${code})`;
}

/** Whether an error will pass by itself, and another attempt is worth making. */
export function isShortage(code: string): boolean {
  return code in SHORTAGES;
}
