import {expect, test} from 'vitest';
import {seededBits} from '../../src/statistics/seeded-bits.js';
import {slowBits} from './slow-bits.js';

test.each([0, 1, -1, 20_240_501, 2 ** 31 - 1])(
  'seed %s: xoroshiro128+ as its authors write it, from the 17th on',
  (seed) => {
    const [bits, slow] = [seededBits(seed), slowBits(seed)];
    for (let i = 0; i < 100; i++) expect(bits.next()).toBe(slow() | 0);
  },
);
