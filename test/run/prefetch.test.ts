import {setImmediate, setTimeout} from 'node:timers/promises';
import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {prefetch} from '../../src/run/prefetch.js';

const numbers = (count: number) => Array.from({length: count}, (_, i) => i);

/** Loads that a test ends one by one, in any order. */
class Loads {
  readonly started: number[] = [];
  private readonly ends = new Map<number, {resolve(): void; reject(error: Error): void}>();

  readonly load = (item: number): Promise<number> => {
    this.started.push(item);
    return new Promise((resolve, reject) => {
      this.ends.set(item, {resolve: () => resolve(item), reject});
    });
  };

  async end(item: number): Promise<void> {
    this.ends.get(item)?.resolve();
    await setImmediate();
  }

  async fail(item: number, message: string): Promise<void> {
    this.ends.get(item)?.reject(new Error(message));
    await setImmediate();
  }
}

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(async () => {
  await setTimeout(5);
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

const small = () => 1;
const eight = {count: 8, bytes: 1e9};

test('keeps the order, whichever load ends first', async () => {
  const delays = fc.array(fc.nat(3), {maxLength: 20});
  await fc.assert(
    fc.asyncProperty(delays, fc.integer({min: 1, max: 6}), async (items, count) => {
      const load = async (delay: number, place: number) => {
        for (let i = 0; i < delay; i++) await setImmediate();
        return place;
      };
      const got: number[] = [];
      const jobs = items.map((delay, place) => ({delay, place}));
      for await (const place of prefetch(jobs, (job) => load(job.delay, job.place), small, {count, bytes: 1e9})) {
        got.push(place);
      }
      expect(got).toEqual(items.map((_, place) => place));
    }),
    {numRuns: 50},
  );
});

describe('bounds', () => {
  test('loads ahead of the consumer, and no further than the count', async () => {
    const loads = new Loads();
    const results = prefetch(numbers(100), loads.load, small, {count: 4, bytes: 1e9});
    const first = results.next();
    await setImmediate();
    // Two until the size of one is known.
    expect(loads.started).toEqual([0, 1]);
    await loads.end(0);
    expect((await first).value).toBe(0);
    const second = results.next();
    expect(loads.started).toEqual([0, 1, 2, 3, 4]);
    for (const item of [4, 3, 2]) await loads.end(item);
    expect(loads.started.length, 'a waiting result counts like a loading one').toBe(5);
    await loads.end(1);
    expect((await second).value).toBe(1);
    const third = results.next();
    expect((await third).value).toBe(2);
    expect(loads.started).toEqual(numbers(6));
    await results.return(undefined);
  });

  test('never holds more than the count, whatever the sizes', async () => {
    let held = 0;
    let most = 0;
    const load = async (item: number) => {
      most = Math.max(most, ++held);
      await setImmediate();
      return item;
    };
    for await (const _ of prefetch(numbers(60), load, small, {count: 5, bytes: 1e9})) held--;
    expect(most).toBe(5);
  });

  test('holds fewer when results are large', async () => {
    let held = 0;
    let most = 0;
    const load = async () => {
      held += 30;
      most = Math.max(most, held);
      await setImmediate();
      return 30;
    };
    for await (const size of prefetch(numbers(40), load, (bytes) => bytes, {count: 50, bytes: 100})) held -= size;
    expect(most).toBe(90);
  });

  test('a result larger than the limit loads alone', async () => {
    let held = 0;
    const got: number[] = [];
    const load = async (item: number) => {
      expect(++held).toBeLessThanOrEqual(item < 2 ? 2 : 1);
      await setImmediate();
      return item;
    };
    for await (const item of prefetch(numbers(6), load, () => 500, {count: 8, bytes: 100})) {
      held--;
      got.push(item);
    }
    expect(got).toEqual(numbers(6));
  });

  /** How many loads were running when each item began to load, for results of these sizes and 100 bytes in all. */
  async function concurrency(sizes: readonly number[]): Promise<number[]> {
    const running: number[] = [];
    let loading = 0;
    const load = async (size: number) => {
      running.push(++loading);
      for (let i = 0; i < 3; i++) await setImmediate();
      loading--;
      return size;
    };
    for await (const _ of prefetch(sizes, load, (size) => size, {count: 20, bytes: 100})) {
      // Taken at once.
    }
    return running;
  }

  const times = (count: number, size: number) => new Array<number>(count).fill(size);

  test('small and failed files do not let a burst of large ones in', async () => {
    for (const small of [times(8, 0), times(1, 1), times(3, 0), [0, 1, 0]]) {
      const running = await concurrency([...times(5, 60), ...small, ...times(10, 60)]);
      expect(Math.max(...running.slice(2)), `after ${small}`).toBeLessThanOrEqual(3);
    }
  });

  test('one large file does not slow the small ones after it', async () => {
    const running = await concurrency([90, ...times(60, 4)]);
    expect(Math.max(...running.slice(20))).toBeGreaterThanOrEqual(15);
  });

  test('nothing loads before the first is asked for, nor for no items', async () => {
    const loads = new Loads();
    const results = prefetch(numbers(3), loads.load, small, eight);
    await setImmediate();
    expect(loads.started).toEqual([]);
    await results.return(undefined);
    expect((await prefetch([], loads.load, small, eight).next()).done).toBe(true);
  });
});

describe('rejections', () => {
  test('one is thrown when its turn comes, after the results before it', async () => {
    const loads = new Loads();
    const got: number[] = [];
    const consumed = (async () => {
      for await (const item of prefetch(numbers(5), loads.load, small, eight)) got.push(item);
    })();
    const ended = expect(consumed).rejects.toThrow('third is broken');
    await loads.end(0);
    await loads.fail(2, 'third is broken');
    expect(got).toEqual([0]);
    await loads.fail(3, 'nobody sees this');
    await loads.end(1);
    await ended;
    expect(got).toEqual([0, 1]);
  });

  test('of loads that nobody waits for any more are no unhandled ones', async () => {
    const loads = new Loads();
    const results = prefetch(numbers(5), loads.load, small, eight);
    const first = results.next();
    await loads.end(0);
    await first;
    await results.return(undefined);
    expect(loads.started.length).toBeGreaterThan(1);
    for (const item of loads.started.slice(1)) await loads.fail(item, 'too late');
  });

  test('a load that throws at once is a rejection too', async () => {
    const load = (item: number): Promise<number> => {
      if (item === 1) throw new Error('at once');
      return Promise.resolve(item);
    };
    const results = prefetch(numbers(3), load, small, eight);
    expect((await results.next()).value).toBe(0);
    await expect(results.next()).rejects.toThrow('at once');
    expect((await results.next()).done).toBe(true);
  });
});
