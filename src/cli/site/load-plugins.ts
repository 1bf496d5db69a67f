// Loads plugin modules and checks what they export. Their code runs here for the first time; nothing else has been done yet.
import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readPluginExport, type PluginParts } from '../../backends/plugin.js';
import type { Origin } from '../../model/job-spec.js';
import { UserError } from '../../model/problem.js';
import { messageOf } from '../../util/message-of.js';

/** A plugin as it was named. */
export interface PluginName {
  /** A path (`./site.mjs`, `/a/b.mjs`) or a package's name. */
  readonly name: string;
  /** Absolute directory that a path is relative to, and a package is looked up from. */
  readonly from: string;
  /** Where it was named; undefined: on the command line. */
  readonly origin?: Origin | undefined;
}

/** Longest time for a plugin to load. */
const LOAD_MS = 30_000;

/** A path rather than a package: it begins with a dot or a slash, or ends like a module's file. */
export function isPluginPath(name: string): boolean {
  return /^\.{0,2}\//.test(name) || /\.[cm]?js$/.test(name);
}

/** @throws UserError when it cannot be loaded, or exports something else. */
export async function loadPlugin(plugin: PluginName): Promise<PluginParts> {
  const module = await importWithin(find(plugin), plugin);
  const parts = readPluginExport((module as { readonly default?: unknown }).default);
  if (typeof parts === 'string') {
    throw problem(plugin, parts, { hint: 'see docs/reference/plugins.md for what a plugin exports' });
  }
  return parts;
}

function find(plugin: PluginName): string {
  const { name, from } = plugin;
  if (isPluginPath(name)) return pathToFileURL(isAbsolute(name) ? name : resolve(from, name)).href;
  try {
    return pathToFileURL(createRequire(join(from, 'plugin')).resolve(name)).href;
  } catch (error) {
    throw problem(plugin, `is no package that is installed in ${from} or above it`, {
      hint: 'a path begins with ./ or /',
      cause: error,
    });
  }
}

async function importWithin(url: string, plugin: PluginName): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(problem(plugin, `is not loaded after ${LOAD_MS / 1000} s`));
    }, LOAD_MS);
  });
  try {
    return await Promise.race([import(url) as Promise<unknown>, late]);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as { readonly code?: unknown };
    const isAbsent = code === 'ERR_MODULE_NOT_FOUND' && messageOf(error).includes(new URL(url).pathname);
    const what = isAbsent ? 'is not there' : `fails when it is loaded: ${messageOf(error)}`;
    throw problem(plugin, what, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** What goes with a problem. */
interface Advice {
  readonly hint?: string;
  readonly cause?: unknown;
}

function problem({ name, origin }: PluginName, what: string, advice: Advice = {}): UserError {
  const { hint, cause } = advice;
  return new UserError(
    { code: 'bad-plugin', message: `plugin ${JSON.stringify(name)} ${what}`, origin, hint },
    { cause },
  );
}
