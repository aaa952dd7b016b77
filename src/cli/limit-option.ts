import {InvalidArgumentError} from 'commander';
import type {CompareRequest} from '../compare.js';

/** `--limit` flags gathered. */
export type Limits = Pick<CompareRequest, 'limits' | 'limit'>;

const FLAG = /^(?:(?<column>.+)=)?(?<number>\d+(?:\.\d*)?(?:e[-+]?\d+)?|\.\d+)(?<percent>%?)$/i;

/** Adds one `--limit`: `mse=0.001`, `ssim=1%` (of the baseline's mean), or `2%` for every column. */
export function collectLimit(flag: string, before: Limits = {}): Limits {
  const {column, number, percent} = FLAG.exec(flag)?.groups ?? {};
  if (number === undefined) {
    throw new InvalidArgumentError("Expected column=number or column=number%, such as mse=0.001 or ssim=1%, or '2%'.");
  }
  const given = percent === '%' ? {relative: Number(number) / 100} : {absolute: Number(number)};
  if (column === undefined) return {...before, limit: {...before.limit, ...given}};
  return {...before, limits: {...before.limits, [column]: {...before.limits?.[column], ...given}}};
}
