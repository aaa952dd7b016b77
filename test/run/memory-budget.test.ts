import {expect, test} from 'vitest';
import {memoryBudget, withinBudget} from '../../src/run/memory-budget.js';
import {cpu} from './devices.js';

test('without a limit the device is the only one', async () => {
  const device = await cpu();
  const budget = memoryBudget(null);
  expect(budget).toEqual({total: null, waiting: 2 ** 29, pixels: Number.POSITIVE_INFINITY});
  expect(withinBudget(device, budget)).toBe(device);
});

test('the shares of a limit are no more than the limit', async () => {
  const device = await cpu();
  const total = 2 ** 28;
  const budget = memoryBudget(total);
  const limited = withinBudget(device, budget);
  expect(limited).toMatchObject({name: 'cpu', memoryLimit: total / 2, memoryLimitFrom: 'max_memory'});
  expect(limited.memoryLimit + budget.waiting + budget.pixels * 64).toBeLessThanOrEqual(total);
  // Far more than the device has, and than images that wait may take.
  const plenty = memoryBudget(2 ** 40);
  expect(withinBudget(device, plenty)).toBe(device);
  expect(plenty.waiting).toBe(2 ** 29);
});
