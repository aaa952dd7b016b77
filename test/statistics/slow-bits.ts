const MASK = (1n << 64n) - 1n;

const rotated = (value: bigint, by: bigint) => ((value << by) | (value >> (64n - by))) & MASK;

/**
 * xoroshiro128+ (Blackman and Vigna 2018, constants 24, 16 and 37) on whole 64-bit words, its lower halves as unsigned numbers,
 * from pure-rand's seeding and without the first sixteen.
 */
export function slowBits(seed: number): () => number {
  let s0 = (0xffff_ffffn << 32n) | BigInt(~seed >>> 0);
  let s1 = BigInt(seed >>> 0) << 32n;
  const next = () => {
    const out = (s0 + s1) & MASK;
    s1 ^= s0;
    s0 = rotated(s0, 24n) ^ s1 ^ ((s1 << 16n) & MASK);
    s1 = rotated(s1, 37n);
    return Number(out & 0xffff_ffffn);
  };
  for (let i = 0; i < 16; i++) next();
  return next;
}
