import {createHash} from 'node:crypto';
import type {SampleTable} from './sample.js';

/** SHA-256 over the keys of a dataset, with their groups, and the keys that were left out: equal for tables of the same samples. */
export function tableHash({samples, missing}: Pick<SampleTable, 'samples' | 'missing'>): string {
  const hash = createHash('sha256');
  for (const {key, group = null} of samples) hash.update(`${JSON.stringify([key, group])}\n`);
  for (const {key, roles} of missing) hash.update(`${JSON.stringify([key, 'missing', roles])}\n`);
  return hash.digest('hex');
}
