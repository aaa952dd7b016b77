import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {withinSeconds} from '../../src/run/deadline.js';

const late = () => new Error('late');

test('what is done in time comes as it is, a rejection too', async () => {
  expect(await withinSeconds(sleep(1, 'done'), 10, late)).toBe('done');
  await expect(withinSeconds(Promise.reject(new Error('broken')), 10, late)).rejects.toThrow('broken');
});

test('so is what keeps the thread busy for longer', async () => {
  const busy = sleep(1).then(() => {
    const startedMs = performance.now();
    while (performance.now() - startedMs < 20);
    return 'done';
  });
  await expect(withinSeconds(busy, 0.01, late)).rejects.toThrow('late');
});

test('what takes longer is late, and what becomes of it does not matter', async () => {
  const failing = sleep(30).then(() => Promise.reject(new Error('unhandled')));
  await expect(withinSeconds(failing, 0.005, late)).rejects.toThrow('late');
  await sleep(50);
});
