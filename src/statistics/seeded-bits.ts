import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus';

/** The first outputs of xoroshiro128+ still show the seed. */
const WARM_UP = 16;

/** A stream of 32 random bits a call, as signed integers; the same for the same seed on every machine. */
export function seededBits(seed: number): {next(): number} {
  const random = xoroshiro128plus(seed);
  for (let i = 0; i < WARM_UP; i++) random.next();
  return random;
}
