import {expect, test, vi} from 'vitest';
import {z} from 'zod';
import {RunError, UsageError} from '../../src/errors.js';
import type {LossColumns, LossContext, LossDescriptor, LossInstance} from '../../src/losses/contract.js';
import {guardedLoss} from '../../src/losses/guarded-loss.js';

const instance: LossInstance = {
  columns: [{part: '', better: 'lower'}],
  view: {color: 'rgb', range: [0, 1], cropBorder: 0},
  memory: () => 1,
  perSample: async () => ({'': []}),
};

function own(changes: Partial<LossDescriptor>): LossDescriptor {
  return guardedLoss({
    id: 'own',
    family: 'pixel',
    better: 'lower',
    summary: 'S',
    formula: 'f',
    reference: 'r',
    undefinedWhen: 'never',
    inputs: {pred: 'pixels'},
    objective: 'itself',
    options: z.strictObject({}),
    create: () => instance,
    ...changes,
  });
}

const context = {signal: new AbortController().signal} as LossContext;

/** What `create` is refused with, for an instance with other fields. */
async function refusal(changes: object | null): Promise<unknown> {
  const made = changes === null ? null : {...instance, ...changes};
  try {
    return await own({create: () => made as LossInstance}).create({}, context);
  } catch (error) {
    return error;
  }
}

test('what create throws is a UsageError of one line with the name of the loss', async () => {
  const create = async () => {
    throw new Error('no weights\n  at hand');
  };
  await expect(own({create}).create({}, context)).rejects.toThrow(
    new UsageError('CVL-C017', "loss 'own': create: no weights at hand"),
  );
});

test('an interrupted run ends with its own reason', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const create = async () => {
    controller.abort(reason);
    throw reason;
  };
  const signal = controller.signal;
  await expect(own({create}).create({}, {signal} as LossContext)).rejects.toBe(reason);
});

test.each<[object | null, RegExp]>([
  [null, /^loss 'own': create: what it gives: /],
  [{columns: []}, /^loss 'own': create: columns: /],
  [{columns: [{part: 'a\nb', better: 'lower'}]}, /^loss 'own': create: columns\.0\.part: /],
  [{columns: [{part: '', better: 'up'}]}, /^loss 'own': create: columns\.0\.better: /],
  [
    {
      columns: [
        {part: 'a.b', better: 'lower'},
        {part: 'a_b', better: 'lower'},
      ],
    },
    /^loss 'own': create: columns: expected different parts$/,
  ],
  [{view: undefined}, /^loss 'own': create: view: /],
  [{view: {color: 'grey', range: [0, 1], cropBorder: 0}}, /^loss 'own': create: view\.color: /],
  [{view: {color: 'rgb', range: [1, 0], cropBorder: 0}}, /^loss 'own': create: view\.range: /],
  [{view: {color: 'rgb', range: [0, 1], cropBorder: -1}}, /^loss 'own': create: view\.cropBorder: /],
  [{view: {color: 'rgb', range: [0, 1]}}, /^loss 'own': create: view\.cropBorder: /],
  [{memory: 8}, /^loss 'own': create: memory: expected a function$/],
  [{perSample: null}, /^loss 'own': create: perSample: expected a function$/],
  [{program: {feed: 1, forward: () => ({})}}, /^loss 'own': create: program\.feed: expected a function$/],
])('an instance with %j is refused', async (changes, message) => {
  const error = await refusal(changes);
  expect(error).toBeInstanceOf(UsageError);
  expect((error as UsageError).message).toMatch(message);
});

test('an instance of a class keeps its private state', async () => {
  class Counting {
    readonly columns = instance.columns;
    readonly view = instance.view;
    #calls = 0;
    memory = (height: number, width: number) => height * width;
    async perSample() {
      this.#calls += 1;
      return {'': [this.#calls]};
    }
    fused() {
      return {'': this.#calls};
    }
    async prepare() {
      return {calls: this.#calls};
    }
    dispose() {
      this.#calls = -1;
    }
  }
  const made = await own({create: () => new Counting()}).create({}, context);
  expect(made.memory(2, 3, 1)).toBe(6);
  expect(await made.perSample({} as never)).toEqual({'': [1]});
  expect(await made.prepare?.({} as never)).toEqual({calls: 1});
  made.dispose?.();
  expect(made.fused?.({} as never)).toEqual({'': -1});
});

test('what is not there stays away', async () => {
  const made = await own({}).create({}, context);
  expect(Object.keys(made).sort()).toEqual(['columns', 'memory', 'perSample', 'view']);
  expect(own({}).aggregate).toBeUndefined();
});

test('a first pass gives plain data', async () => {
  const prepare = vi.fn(async (): Promise<unknown> => ({weights: [1, 2]}));
  const made = await own({create: () => ({...instance, prepare})}).create({}, context);
  expect(await made.prepare?.({} as never)).toEqual({weights: [1, 2]});
  prepare.mockResolvedValueOnce(new Map());
  await expect(made.prepare?.({} as never)).rejects.toThrow(
    new UsageError('CVL-C017', "loss 'own': prepare: expected plain JSON data"),
  );
  prepare.mockRejectedValueOnce(new Error('no classes'));
  await expect(made.prepare?.({} as never)).rejects.toThrow(
    new UsageError('CVL-C017', "loss 'own': prepare: no classes"),
  );
});

test.each<[unknown, string]>([
  ['text', "loss 'own': aggregate: expected a map of plain JSON data, got 'text'"],
  [undefined, "loss 'own': aggregate: expected a map of plain JSON data, got undefined"],
  [null, "loss 'own': aggregate: expected a map of plain JSON data, got null"],
  [{all: () => 1}, "loss 'own': aggregate: expected a map of plain JSON data, got an object"],
  [Promise.resolve({}), "loss 'own': aggregate: expected a map of plain JSON data, got an object"],
  [{value: '1'}, "loss 'own': aggregate: value: expected a number or null, got '1'"],
])('aggregates that are %j end the run', (made, message) => {
  const {aggregate} = own({aggregate: () => made as Record<string, unknown>});
  expect(() => aggregate?.({} as LossColumns, {})).toThrow(new RunError('loss-failed', message));
});

test('aggregates that are plain data pass', () => {
  const made = {value: Infinity, dataset: Number.NaN, parts: {a: [1, 2]}, table: Float64Array.of(1)};
  expect(own({aggregate: () => made}).aggregate?.({} as LossColumns, {})).toBe(made);
});

test('an aggregate that throws ends the run in one line', () => {
  const aggregate = () => {
    throw new TypeError('no column');
  };
  expect(() => own({aggregate}).aggregate?.({} as LossColumns, {})).toThrow(
    new RunError('loss-failed', "loss 'own': aggregate: no column"),
  );
});

test('a direction or objective by options is one there is', () => {
  const loss = own({better: ({form}) => form as 'lower', objective: () => 'sum' as 'itself'});
  expect((loss.better as (options: object) => string)({form: 'higher'})).toBe('higher');
  expect(() => (loss.better as (options: object) => string)({form: 'up'})).toThrow(
    new UsageError('CVL-C017', "loss 'own': better: expected lower, higher, none, got 'up'"),
  );
  expect(() => (loss.objective as (options: object) => string)({})).toThrow(
    new UsageError('CVL-C017', "loss 'own': objective: expected itself, one-minus, none, got 'sum'"),
  );
});

test('a direction and objective that do not depend on options stay words', () => {
  const {better, objective} = own({better: 'higher', objective: 'one-minus'});
  expect([better, objective]).toEqual(['higher', 'one-minus']);
});

test('a map is kept, and one that lacks a part is refused', async () => {
  const pixelMap = {
    shows: 'error',
    better: 'lower',
    of: () => ({height: 0, width: 0, values: new Float64Array(), weights: null}),
  };
  const kept = await own({create: () => ({...instance, pixelMap}) as LossInstance}).create({}, context);
  expect(kept.pixelMap).toBe(pixelMap);
  expect(await refusal({pixelMap: {...pixelMap, of: 1}})).toEqual(
    new UsageError('CVL-C017', "loss 'own': create: pixelMap.of: expected a function"),
  );
});

test('what an instance can do besides, the guarded one can; what it cannot, neither', async () => {
  const sample = {} as Parameters<NonNullable<LossInstance['fused']>>[0];
  const dispose = vi.fn();
  const able: LossInstance = {
    ...instance,
    fused: (of) => ({'': of === sample ? 1 : 0}),
    viaNetwork: async (of) => ({'': of === sample ? 2 : 0}),
    prepare: async () => ({seen: 3}),
    dispose,
  };
  const kept = await own({create: () => able}).create({}, context);
  expect(kept.fused?.(sample)).toEqual({'': 1});
  expect(await kept.viaNetwork?.(sample)).toEqual({'': 2});
  expect(await kept.prepare?.([] as never)).toEqual({seen: 3});
  kept.dispose?.();
  expect(dispose).toHaveBeenCalledOnce();
  const plain = await own({}).create({}, context);
  expect(Object.keys(plain).sort()).toEqual(['columns', 'memory', 'perSample', 'view']);
});
