// What there is on this site: backends, those of plugins too, and what the config file and the command line say of them. Runs no job.
import { resolve } from 'node:path';
import {
  readBatchSettings,
  type BatchSettings,
  type OptionValue,
} from '../../backends/batch/batch-settings.js';
import type { BatchEngine } from '../../backends/batch/engine.js';
import { BATCH_ENGINES } from '../../backends/batch/engines/index.js';
import type { BackendFactory } from '../../backends/plugin.js';
import type { RawOptions } from '../../flow/options/read-options.js';
import type { Origin } from '../../model/job-spec.js';
import { UserError, type Problem } from '../../model/problem.js';
import { suggestName } from '../../util/nearest.js';
import type { ConfigFile, OptionValues } from './config-file.js';
import { findConfigFile } from './find-config.js';
import { isPluginPath, loadPlugin, type PluginName } from './load-plugins.js';

/** Backends that are always there, and take `max_jobs`. */
const PLAIN = ['local', 'fake'] as const;

/** A site. */
export interface Site {
  /** Backend of jobs that name none, by the config; null: it says nothing. */
  readonly backend: string | null;
  readonly engines: readonly BatchEngine[];
  readonly factories: readonly BackendFactory[];
  readonly config: ConfigFile | null;
}

/** A site without config file and plugins. */
export const BARE_SITE: Site = { backend: null, engines: BATCH_ENGINES, factories: [], config: null };

/** Settings of one backend. */
export interface BackendSettings {
  /** Most of its jobs at once; null: no limit of its own. */
  readonly maxJobs: number | null;
  /** Of a batch backend, for jobs of a target; null: it is none. */
  readonly batchFor: ((target: string) => BatchSettings) | null;
  /** Of a plugin's backend: the other options. */
  readonly options: OptionValues;
}

/** What was said of backends on the command line: texts by option, by backend. */
export type GivenOptions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Names of all backends that a job may ask for. */
export function namesOf({ engines, factories }: Site): ReadonlySet<string> {
  return new Set([...PLAIN, ...engines.map(({ name }) => name), ...factories.map(({ name }) => name)]);
}

/**
 * The site for these options: `--config FILE`, `--no-config` and `--plugin`; without, the config file that is found from `cwd`.
 * @returns Also the options with what was found put in, so that a run that is taken up again elsewhere finds the same.
 * @throws UserError when the config file or a plugin is no good.
 */
export async function openSite(
  raw: RawOptions,
  cwd: string,
): Promise<{ readonly site: Site; readonly raw: RawOptions }> {
  const path =
    typeof raw.config === 'string'
      ? resolve(cwd, raw.config)
      : raw.config === false
        ? null
        : findConfigFile(cwd);
  const config = path === null ? null : (await import('./config-file.js')).readConfigFile(path);
  const given = ((raw.plugin as readonly string[] | undefined) ?? []).map((name) =>
    isPluginPath(name) ? resolve(cwd, name) : name,
  );
  const plugins: readonly PluginName[] = [
    ...(config?.plugins ?? []).map((name) => ({
      name,
      from: resolve(config?.path ?? cwd, '..'),
      origin: config?.locate('plugins'),
    })),
    ...given.map((name) => ({ name, from: cwd })),
  ];
  const site = await addPlugins({ ...BARE_SITE, backend: config?.backend ?? null, config }, plugins);
  return { site, raw: { ...raw, config: path ?? false, ...(given.length > 0 && { plugin: given }) } };
}

async function addPlugins(site: Site, plugins: readonly PluginName[]): Promise<Site> {
  let { engines, factories } = site;
  if (plugins.length === 0) return site;
  const { guardEngine } = await import('../../backends/batch/guard-engine.js');
  const names = new Set([...namesOf(site), 'dry-run']);
  for (const plugin of plugins) {
    const parts = await loadPlugin(plugin);
    for (const { name } of [...parts.engines, ...parts.factories]) {
      if (names.has(name)) {
        throw new UserError({
          code: 'bad-plugin',
          message: `plugin ${JSON.stringify(plugin.name)} exports a backend named ${name}, and there is one already`,
          origin: plugin.origin,
        });
      }
      names.add(name);
    }
    engines = [...engines, ...parts.engines.map(guardEngine)];
    factories = [...factories, ...parts.factories];
  }
  return { ...site, engines, factories };
}

/**
 * Settings of every backend: what the config says, and on top what the command line says.
 * @throws UserError with everything that is wrong with them.
 */
export function readBackendSettings(site: Site, given: GivenOptions): ReadonlyMap<string, BackendSettings> {
  const { config } = site;
  const known = namesOf(site);
  const problems: Problem[] = [];
  for (const [names, origin] of [
    [Object.keys(config?.backends ?? {}), (name: string) => config?.locate('backends', name)],
    [Object.keys(given), () => undefined],
  ] as const) {
    for (const name of names.filter((one) => !known.has(one)))
      problems.push(unknownBackend(name, known, origin(name)));
  }
  const settings = new Map<string, BackendSettings>();
  for (const name of known) {
    try {
      settings.set(name, readOne(site, name, given[name] ?? {}));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  return settings;
}

/** The problem of a backend that there is none of. */
export function unknownBackend(name: string, known: ReadonlySet<string>, origin?: Origin): Problem {
  return {
    code: 'unknown-backend',
    message: `there is no backend named ${JSON.stringify(name)}`,
    origin,
    hint: suggestName(name, known) ?? `known: ${[...known].join(', ')}`,
  };
}

function readOne(site: Site, name: string, given: Readonly<Record<string, string>>): BackendSettings {
  const { engines, factories, config } = site;
  const { options = {}, targets = {} } = config?.backends[name] ?? {};
  const originOf = (option: string): Origin | undefined =>
    option in given ? undefined : config?.locate('backends', name, option);
  const merged = { ...options, ...given };
  const engine = engines.find((one) => one.name === name);
  if (engine !== undefined) {
    const common = readBatchSettings(engine, merged, originOf);
    const byTarget = new Map(
      Object.entries(targets).map(([target, some]) => {
        const origin = (option: string): Origin | undefined =>
          option in some ? config?.locate('backends', name, 'targets', target, option) : originOf(option);
        return [target, readBatchSettings(engine, { ...options, ...some, ...given }, origin)] as const;
      }),
    );
    return { maxJobs: common.maxJobs, batchFor: (target) => byTarget.get(target) ?? common, options: {} };
  }
  const { max_jobs: maxJobs, ...others } = merged as Readonly<Record<string, OptionValue>>;
  const isPlugins = factories.some((one) => one.name === name);
  const unknown = [
    ...(isPlugins ? [] : Object.keys(others)),
    ...(Object.keys(targets).length > 0 ? ['targets'] : []),
  ];
  const problems = unknown.map((option): Problem => ({
    code: 'bad-option',
    message: `option ${name}.${option} is not known`,
    origin: originOf(option),
    hint: 'known: max_jobs',
  }));
  if (maxJobs !== undefined && !(typeof maxJobs === 'string' && /^[1-9]\d{0,8}$/.test(maxJobs))) {
    problems.push({
      code: 'bad-option',
      message: `option ${name}.max_jobs must be a whole number from 1, not ${JSON.stringify(maxJobs)}`,
      origin: originOf('max_jobs'),
    });
  }
  if (problems.length > 0) throw new UserError(problems);
  return { maxJobs: maxJobs === undefined ? null : Number(maxJobs), batchFor: null, options: others };
}
