// Reads the figures of formal and synthesis tools out of their results, in DVSim's form. Pure; what is missing is null.
import type { FormalFigures, SynthesisFigures } from './one-shot.js';

type Dict = Readonly<Record<string, unknown>>;

/** Names kept of each kind of property. */
const MAX_NAMES = 20;

/** The figures of `{ messages: { cex: [...] ... }, summary: { proven: 20, cex: 5 ... }, coverage: { formal: "90 %" ... } }`. */
export function readFormalFigures(dict: Dict): FormalFigures | null {
  const summary = dictOf(dict['summary']);
  if (summary === null) return null;
  const coverage = dictOf(dict['coverage']);
  const names = dictOf(dict['messages']) ?? {};
  return {
    proven: countOf(summary['proven']),
    failed: countOf(summary['cex']),
    undetermined: countOf(summary['undetermined']),
    covered: countOf(summary['covered']),
    unreachable: countOf(summary['unreachable']),
    properties: {
      failed: namesOf(names['cex']),
      undetermined: namesOf(names['undetermined']),
      unreachable: namesOf(names['unreachable']),
    },
    pass_rate: textOf(summary['pass_rate']),
    cov_rate: textOf(summary['cov_rate'] ?? summary['cover_rate']),
    coverage:
      coverage === null
        ? null
        : {
            formal: textOf(coverage['formal']) ?? '',
            stimuli: textOf(coverage['stimuli']) ?? '',
            checker: textOf(coverage['checker']) ?? '',
          },
  };
}

/** The figures of `{ area: {ge, total ...}, timing: {GROUP: {tns, wns, period}}, power: {...}, units: {...} }`. */
export function readSynthesisFigures(dict: Dict): SynthesisFigures {
  const area = dictOf(dict['area']) ?? {};
  const units = dictOf(dict['units']) ?? {};
  const power = dictOf(dict['power']) ?? {};
  const gate = numberOf(area['ge']);
  const total = numberOf(area['total']) ?? topArea(area);
  const nsPerUnit = scale(numberOf(units['time']), 1e9);
  const dynamic = sum(numberOf(power['net']), numberOf(power['int']));
  return {
    area_kge: total === null || gate === null || gate <= 0 ? null : round(total / gate / 1000),
    timing: Object.entries(dictOf(dict['timing']) ?? {}).map(([group, value]) => {
      const { period, wns, tns } = dictOf(value) ?? {};
      return {
        group,
        period_ns: scaled(numberOf(period), nsPerUnit),
        worst_slack_ns: scaled(numberOf(wns), nsPerUnit),
        total_slack_ns: scaled(numberOf(tns), nsPerUnit),
      };
    }),
    power_mw: sum(
      scaled(dynamic, scale(numberOf(units['dynamic']), 1e3)),
      scaled(numberOf(power['leak']), scale(numberOf(units['static']), 1e3)),
    ),
  };
}

/** The instance of depth 0 is the whole design. */
function topArea(area: Dict): number | null {
  for (const value of Object.values(dictOf(area['instances']) ?? {})) {
    const instance = dictOf(value);
    if (instance !== null && numberOf(instance['depth']) === 0) return numberOf(instance['total']);
  }
  return null;
}

function dictOf(value: unknown): Dict | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Dict) : null;
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function countOf(value: unknown): number | null {
  const number = numberOf(value);
  return number === null || number < 0 || !Number.isInteger(number) ? null : number;
}

function namesOf(value: unknown): string[] {
  return Array.isArray(value) ? value.slice(0, MAX_NAMES).map(String) : [];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}

function scale(unit: number | null, factor: number): number | null {
  return unit === null ? null : unit * factor;
}

function scaled(value: number | null, factor: number | null): number | null {
  return value === null || factor === null ? null : round(value * factor);
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : round(a + b);
}

/** To six digits: products of units gather noise far behind the point. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
