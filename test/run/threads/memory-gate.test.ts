import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {MemoryGate} from '../../../src/run/threads/memory-gate.js';

/** Runs tasks that need so many bytes each; gives how many ran at once at most. */
async function mostAtOnce(bytes: number, needs: readonly number[]): Promise<number> {
  const gate = new MemoryGate(bytes);
  let running = 0;
  let most = 0;
  const task = async (need: number) => {
    most = Math.max(most, ++running);
    await sleep(2);
    running--;
    return need;
  };
  const made = await Promise.all(
    needs.map((need) =>
      gate.run(
        () => task(need),
        (made) => made,
      ),
    ),
  );
  expect(made).toEqual(needs);
  return most;
}

test.each<[number, number[], number]>([
  [Number.POSITIVE_INFINITY, [5, 5, 5, 5], 4],
  [10, [5, 5, 5, 5], 2],
  [16, [5, 5, 5, 5, 5, 5], 3],
  [4, [5, 5, 5], 1],
  [10, [0, 0, 0, 0], 3],
])('in %d bytes tasks of %j: %i at once', async (bytes, needs, most) => {
  expect(await mostAtOnce(bytes, needs)).toBe(most);
});

test('one large task makes those after it wait', async () => {
  expect(await mostAtOnce(10, [9, 1, 1, 1, 1])).toBe(1);
});

test('a task that fails gives its room back', async () => {
  const gate = new MemoryGate(1);
  const failing = gate.run(
    () => Promise.reject(new Error('no')),
    () => 1,
  );
  const next = gate.run(
    async () => 'done',
    () => 1,
  );
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('done');
});
