import * as z from 'zod';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
};

const SIZE = /^([0-9]+(?:\.[0-9]+)?) ?((?:[kKmMgGtT]i?)?)[bB]?$/;

const EXPECTED = 'expected a size such as 4GiB or 500MB';

/** A size in bytes as a config writes it: a number, or text with a unit (`4GiB`, `4Gi`, `500MB`). */
export const byteSize = z.union(
  [
    z.int().min(1),
    z
      .string()
      .regex(SIZE, {error: EXPECTED, abort: true})
      .refine((text) => bytesOf(text) >= 1, EXPECTED),
  ],
  {error: EXPECTED},
);

/** The bytes of a size as `byteSize` takes it. */
export function bytesOf(size: number | string): number {
  if (typeof size === 'number') return size;
  const [, number = '', unit = ''] = SIZE.exec(size) ?? [];
  return Math.floor(Number(number) * (UNITS[unit.toLowerCase()] ?? 1));
}
