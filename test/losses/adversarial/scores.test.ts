import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {UsageError} from '../../../src/errors.js';
import {expectClose} from '../close.js';
import {expectProgram, type SlowProgram} from '../embedding/finite-differences.js';
import {bundledJson, bundledScores, createSetLoss, datasetOf, runLoss} from '../embedding/runs.js';
import {javascript, type LossConfig} from '../score.js';

type Parts = Readonly<Record<string, number>>;

const EXACT = {relative: 1e-12, floor: 1e-14};
const LOSSES = ['gan-minimax', 'gan-non-saturating', 'lsgan', 'wgan', 'hinge-gan'] as const;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** ln σ(x), as the logarithm of the smaller of D and 1 − D taken apart from its power of e. */
const logSigmoid = (x: number) => (x < 0 ? x - Math.log(1 + Math.exp(x)) : -Math.log(1 + Math.exp(-x)));

/** The terms of each loss from raw scores, as the papers write them: of a real score, of a fake one, of the generator. */
const TERMS: Readonly<Record<(typeof LOSSES)[number], readonly ((s: number) => number)[]>> = {
  'gan-minimax': [(s) => -logSigmoid(s), (s) => -logSigmoid(-s), (s) => logSigmoid(-s)],
  'gan-non-saturating': [(s) => -logSigmoid(s), (s) => -logSigmoid(-s), (s) => -logSigmoid(s)],
  lsgan: [(s) => (s - 1) ** 2 / 2, (s) => s ** 2 / 2, (s) => (s - 1) ** 2 / 2],
  wgan: [(s) => -s, (s) => s, (s) => -s],
  'hinge-gan': [(s) => Math.max(0, 1 - s), (s) => Math.max(0, 1 + s), (s) => -s],
};

const judgeOf = (type: string) => (type === 'wgan' ? 'critic' : 'discriminator');

describe('the bundled scores', () => {
  const {gan_from_logits} = bundledJson<{gan_from_logits: Readonly<Record<string, Parts>>}>('embeddings/expected.json');
  const cases: readonly [LossConfig, string][] = [
    [{type: 'gan-minimax'}, 'minimax'],
    [{type: 'gan-non-saturating'}, 'non_saturating'],
    [{type: 'lsgan', a: 0, b: 1, c: 1}, 'lsgan_a0_b1_c1'],
    [{type: 'wgan'}, 'wgan'],
    [{type: 'hinge-gan'}, 'hinge'],
  ];

  test.each(cases)('$type from logits', async (config, name) => {
    const {aggregates} = await runLoss(config, datasetOf({scores: bundledScores()}));
    const {generator, earth_movers_distance, ...judge} = gan_from_logits[name] as Parts;
    expectClose(aggregates.generator?.value as number, generator as number, EXACT);
    for (const [part, value] of Object.entries(judge)) expectClose(aggregates[part]?.value as number, value, EXACT);
    expect(Object.keys(judge)).toEqual([judgeOf(config.type)]);
    if (earth_movers_distance === undefined) expect(aggregates['']).not.toHaveProperty('earth_movers_distance');
    else expectClose(aggregates['']?.earth_movers_distance as number, earth_movers_distance, EXACT);
  });

  test.each(['minimax', 'non_saturating'])('gan-%s from probabilities', async (name) => {
    const dataset = datasetOf({scores: bundledScores('-probabilities'), input: 'probabilities'});
    const {aggregates} = await runLoss({type: `gan-${name.replace('_', '-')}`}, dataset);
    for (const [part, value] of Object.entries(gan_from_logits[name] as Parts)) {
      expectClose(aggregates[part]?.value as number, value, EXACT);
    }
  });
});

const patches = fc.array(fc.double({min: -30, max: 30, noNaN: true}), {minLength: 1, maxLength: 3});
const items = fc.array(patches, {minLength: 1, maxLength: 6});

describe.each(LOSSES)('%s', (type) => {
  const [realTerm, fakeTerm, generatorTerm] = TERMS[type] as [
    (s: number) => number,
    (s: number) => number,
    (s: number) => number,
  ];
  const judge = judgeOf(type);

  test('averages its terms over patches, then over the items of each set', async () => {
    await fc.assert(
      fc.asyncProperty(items, items, async (real, fake) => {
        const {rows, aggregates} = await runLoss({type}, datasetOf({scores: {real, fake}}));
        const close = {relative: 1e-12, floor: 1e-12};
        real.forEach((scores, i) => {
          const cells = rows.get(`real/i000${i}`);
          expect(Object.keys(cells ?? {})).toEqual([judge]);
          expectClose(cells?.[judge], mean(scores.map(realTerm)), close);
        });
        fake.forEach((scores, i) => {
          const cells = rows.get(`fake/i000${i}`);
          expectClose(cells?.[judge], mean(scores.map(fakeTerm)), close);
          expectClose(cells?.generator, mean(scores.map(generatorTerm)), close);
        });
        expect(rows.size).toBe(real.length + fake.length);
        const over = (set: readonly number[][], term: (s: number) => number) => mean(set.map((s) => mean(s.map(term))));
        expectClose(aggregates[judge]?.value as number, over(real, realTerm) + over(fake, fakeTerm), close);
        expectClose(aggregates.generator?.value as number, over(fake, generatorTerm), close);
      }),
      {numRuns: 50},
    );
  });

  test('is a program with the gradient of its formula', async () => {
    const {program} = await createSetLoss({type});
    if (!program) throw new Error('no program');
    const slow: SlowProgram = ({real = [], fake = []}) => ({
      [judge]: mean(real.map(realTerm)) + mean(fake.map(fakeTerm)),
      generator: mean(fake.map(generatorTerm)),
    });
    const feeds = {
      real: {values: [-2.5, -0.4, 0.3, 1.7, 3.1, 0.8], shape: [3, 2]},
      fake: {values: [-3.3, -1.2, 0.1, 0.9], shape: [4]},
    };
    const tf = await javascript();
    expectProgram(tf, program, slow, {feeds, differentiable: ['fake']});
    expectProgram(
      tf,
      (given) => ({[judge]: program(given)[judge] ?? tf.scalar(0)}),
      (given) => ({[judge]: slow(given)[judge] as number}),
      {feeds, differentiable: ['real']},
    );
  });

  test('refuses an empty set, and an item without scores', async () => {
    const instance = await createSetLoss({type});
    const check = (real: number[][], fake: number[][]) => instance.check?.(datasetOf({scores: {real, fake}}));
    await expect(check([], [[1]])).rejects.toThrow(
      new UsageError('CVL-V010', `${type}: the scores of real are empty, expected one item or more`),
    );
    await expect(check([[1]], [[]])).rejects.toThrow("fake 'i0000' has no score");
  });
});

describe('probabilities', () => {
  const given = (real: number[][], fake: number[][]) => datasetOf({scores: {real, fake}, input: 'probabilities'});

  test.each(['wgan', 'hinge-gan'])('%s refuses them', async (type) => {
    const instance = await createSetLoss({type});
    await expect(instance.check?.(given([[0.5]], [[0.5]]))).rejects.toThrow(/raw scores/);
    await expect(instance.check?.(given([[0.5]], [[0.5]]))).rejects.toBeInstanceOf(UsageError);
  });

  test('outside [0, 1] are refused, and the item is named', async () => {
    const instance = await createSetLoss({type: 'gan-minimax'});
    await expect(instance.check?.(given([[0.5], [1.5]], [[0.5]]))).rejects.toThrow("real 'i0001' has the score 1.5");
    await expect(instance.check?.(given([[0.5]], [[0.5, -0.1]]))).rejects.toThrow("fake 'i0000' has the score -0.1");
  });

  test('of 0 and 1 cost at most −ln 1e-7', async () => {
    const cap = -Math.log(1e-7);
    const {rows} = await runLoss({type: 'gan-minimax'}, given([[0], [1]], [[1], [0]]));
    expect([rows.get('real/i0000')?.discriminator, rows.get('real/i0001')?.discriminator]).toEqual([cap, 0]);
    expect(rows.get('fake/i0000')).toEqual({discriminator: cap, generator: -cap});
    expect(rows.get('fake/i0001')).toEqual({discriminator: 0, generator: 0});
  });

  test('near 1 keep their precision', async () => {
    // −ln(1 − p) = p + p²/2 + …
    const {rows} = await runLoss({type: 'gan-non-saturating'}, given([[1 - 2 ** -20]], [[2 ** -40]]));
    expect(rows.get('real/i0000')?.discriminator).toBeCloseTo(2 ** -20 + 2 ** -41, 15);
    expect(rows.get('fake/i0000')?.discriminator).toBe(2 ** -40 + 2 ** -81);
  });

  test('go into lsgan as they are', async () => {
    const {aggregates} = await runLoss({type: 'lsgan'}, given([[0.75]], [[0.5]]));
    expect(aggregates.discriminator?.value).toBe(0.5 * 0.25 ** 2 + 0.5 * 0.5 ** 2);
  });
});

test('logits of any size stay finite', async () => {
  const scores = {real: [[-800], [800]], fake: [[800], [-800]]};
  const {rows} = await runLoss({type: 'gan-minimax'}, datasetOf({scores}));
  expect([...rows.values()].map((cells) => cells.discriminator)).toEqual([800, 0, 800, 0]);
  expect([rows.get('fake/i0000')?.generator, rows.get('fake/i0001')?.generator]).toEqual([-800, 0]);
});

test('label smoothing takes weight off the real label', async () => {
  const scores = {real: [[1.5], [-0.5]], fake: [[0.2]]};
  const smooth = mean([1.5, -0.5].map((s) => -0.9 * logSigmoid(s) - 0.1 * logSigmoid(-s)));
  for (const type of ['gan-minimax', 'gan-non-saturating']) {
    const {aggregates} = await runLoss({type, label_smoothing: 0.1}, datasetOf({scores}));
    expectClose(aggregates.discriminator?.value as number, smooth - logSigmoid(-0.2), EXACT);
    const {program} = await createSetLoss({type, label_smoothing: 0.1});
    const tf = await javascript();
    const made = program?.({real: tf.tensor1d([1.5, -0.5]), fake: tf.tensor1d([0.2])}).discriminator;
    expect(made?.dataSync()[0]).toBeCloseTo(smooth - logSigmoid(-0.2), 6);
  }
});

test('lsgan takes other labels', async () => {
  const {aggregates} = await runLoss(
    {type: 'lsgan', a: -1, b: 1, c: 0},
    datasetOf({scores: {real: [[2]], fake: [[3]]}}),
  );
  expect([aggregates.discriminator?.value, aggregates.generator?.value]).toEqual([0.5 * 1 + 0.5 * 16, 0.5 * 9]);
});

describe('accuracy', () => {
  const scores = {real: [[0.6], [-1], [2, -2]], fake: [[0.4]]};
  const of = async (config: LossConfig, input: 'logits' | 'probabilities' = 'logits', given = scores) =>
    (await runLoss(config, datasetOf({scores: given, input}))).aggregates[''];

  test.each(['gan-minimax', 'gan-non-saturating', 'hinge-gan'])('%s: by the sign of the score', async (type) => {
    expect(await of({type})).toEqual({discriminator_accuracy: 1.5 / 4, real_accuracy: 0.5, fake_accuracy: 0});
  });

  test('by one half of probabilities, and a score at the threshold is wrong', async () => {
    const given = {real: [[0.5], [0.6]], fake: [[0.5], [0.4]]};
    const half = {discriminator_accuracy: 0.5, real_accuracy: 0.5, fake_accuracy: 0.5};
    expect(await of({type: 'gan-minimax'}, 'probabilities', given)).toEqual(half);
  });

  test('lsgan: by the nearer label', async () => {
    expect(await of({type: 'lsgan'})).toMatchObject({real_accuracy: 0.5, fake_accuracy: 1});
    expect(await of({type: 'lsgan', a: 0, b: 2, c: 2})).toMatchObject({real_accuracy: 0.5 / 3, fake_accuracy: 1});
    expect(await of({type: 'lsgan', a: 1, b: 0})).toEqual({});
  });

  test('wgan has none', async () => {
    expect(Object.keys((await of({type: 'wgan'})) ?? {})).toEqual(['earth_movers_distance']);
  });
});

describe('earth mover’s distance', () => {
  test('is the mean difference in order for sets of one size, and any set repeated is the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.double({min: -9, max: 9, noNaN: true}), fc.double({min: -9, max: 9, noNaN: true})), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.integer({min: 1, max: 3}),
        async (pairs, times) => {
          const [real, fake] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
          const sorted = (values: number[]) => [...values].sort((a, b) => a - b);
          const ordered = sorted(fake);
          const expected = mean(sorted(real).map((x, i) => Math.abs(x - (ordered[i] as number))));
          const repeated = Array.from({length: times}, () => real).flat();
          const scores = {real: repeated.map((s) => [s]), fake: fake.map((s) => [s])};
          const {aggregates} = await runLoss({type: 'wgan'}, datasetOf({scores}));
          expectClose(aggregates['']?.earth_movers_distance as number, expected, {relative: 1e-12, floor: 1e-13});
        },
      ),
      {numRuns: 60},
    );
  });

  test('an item weighs the same whatever its patches', async () => {
    const scores = {real: [[0], [4, 4, 4]], fake: [[0], [4]]};
    const {aggregates} = await runLoss({type: 'wgan'}, datasetOf({scores}));
    expect(aggregates['']?.earth_movers_distance).toBeCloseTo(0, 15);
  });
});
