// Seeds are decimal digits of any length; these read them as numbers. Knows not where seeds come from.

/** The low 32 bits of a seed: what SystemVerilog takes. */
export function svSeedOf(seed: string): string {
  return seed.length < 10 ? String(Number(seed)) : String(BigInt(seed) & 0xffff_ffffn);
}

/** A seed as a number; null when it has more digits than a number holds exactly. */
export function seedNumber(seed: string | null): number | null {
  if (seed === null) return null;
  const number = Number(seed);
  return Number.isSafeInteger(number) ? number : null;
}
