import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {Profile, timed} from '../../src/run/profile.js';

test('stages add up, those of another one too, and are taken once', async () => {
  const profile = new Profile();
  expect(await profile.time('decode', () => sleep(20, 'done'))).toBe('done');
  await profile.time('decode', () => sleep(20));
  profile.add({decode: 1, hash: 2});
  const {decode, ...rest} = profile.take();
  expect(decode).toBeGreaterThan(1.03);
  expect(rest).toEqual({hash: 2});
  expect(profile.take()).toEqual({});
});

test('work that fails is measured and fails', async () => {
  const profile = new Profile();
  await expect(timed(profile, 'read', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect(Object.keys(profile.take())).toEqual(['read']);
});

test('without a profile the work is just done', () => {
  expect(timed(undefined, 'read', () => 3)).toBe(3);
});
