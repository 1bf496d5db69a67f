// Makes the link from the page to a file on the machine of the run. Pure.

/**
 * The address of an absolute path. Where the page was opened from disk, the file's own; where it came over the network,
 * the way from the page's folder to it, in case the scratch area is served as a whole. Null for what is no path.
 *
 * @param page - Address of the page, and the absolute path of its folder on the machine that made it.
 */
export function linkToFile(
  path: string,
  page: { readonly protocol: string; readonly folder: string },
): string | null {
  if (!path.startsWith('/')) return null;
  if (page.protocol === 'file:') return `file://${encodePath(path)}`;
  const from = page.folder.split('/').filter(Boolean);
  const to = path.split('/').filter(Boolean);
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared++;
  const up = from.slice(shared).map(() => '..');
  return encodePath(['.', ...up, ...to.slice(shared)].join('/'));
}

function encodePath(path: string): string {
  return path.split('/').map(encodeName).join('/');
}

/** Halves of surrogate pairs have no encoding; no file can be named so either. */
function encodeName(name: string): string {
  return encodeURIComponent(name.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
}
