import {Matrix, SingularValueDecomposition} from 'ml-matrix';
import {describe, expect, test} from 'vitest';
import {random} from '../random.js';
import {javascript, type LossConfig} from '../score.js';
import {expectProgram, type Feeds, type SlowProgram} from './finite-differences.js';
import {createSetLoss} from './runs.js';
import {distance, dot, type Measure, mean, softmaxTerms, unit} from './slow-tuples.js';

const DIMENSIONS = 3;
const next = random(11);

function vectors(count: number): Feeds[string] {
  return {values: Array.from({length: count * DIMENSIONS}, () => next() * 2 - 1), shape: [count, DIMENSIONS]};
}

function rowsOf(values: readonly number[] | undefined): number[][] {
  const count = (values ?? []).length / DIMENSIONS;
  return Array.from({length: count}, (_, i) => (values ?? []).slice(i * DIMENSIONS, (i + 1) * DIMENSIONS));
}

interface Case {
  readonly config: LossConfig;
  readonly slow: SlowProgram;
  readonly feeds: Feeds;
  readonly differentiable: readonly string[];
}

function tripletCase(measure: Measure, normalize: boolean, clamp: boolean): Case {
  return {
    config: {type: 'triplet', distance: measure, normalize, clamp, margin: 0.3},
    feeds: {anchors: vectors(6), positives: vectors(6), negatives: vectors(6)},
    differentiable: ['anchors', 'positives', 'negatives'],
    slow: ({anchors, positives, negatives}) => {
      const [p, n] = [rowsOf(positives), rowsOf(negatives)];
      const losses = rowsOf(anchors).map((a, i) => {
        const far = (other: number[]) => distance(a, other, measure, normalize);
        const bare = far(p[i] as number[]) - far(n[i] as number[]) + 0.3;
        return clamp ? Math.max(0, bare) : bare;
      });
      return {'': mean(losses)};
    },
  };
}

function pairCase(config: LossConfig, measure: Measure, value: (d: number, same: boolean) => number): Case {
  return {
    config,
    feeds: {first: vectors(6), second: vectors(6), same: {values: [1, 0, 1, 0, 0, 0], shape: [6]}},
    differentiable: ['first', 'second'],
    slow: ({first, second, same}) => {
      const y = rowsOf(second);
      const losses = rowsOf(first).map((x, i) =>
        value(distance(x, y[i] as number[], measure, config.normalize !== false), same?.[i] === 1),
      );
      return {'': mean(losses)};
    },
  };
}

function softmaxCase(config: LossConfig, temperature: number, normalize: boolean): Case {
  return {
    config,
    feeds: {embeddings: vectors(7), labels: {values: [0, 1, 0, 1, 2, 0, 3], shape: [7]}},
    differentiable: ['embeddings'],
    slow: ({embeddings, labels}) => {
      const terms = softmaxTerms(rowsOf(embeddings), (labels ?? []).map(String), {temperature, normalize});
      return {'': mean(terms.map(({value}) => value))};
    },
  };
}

function kernelCase(config: LossConfig, normalize: boolean): Case {
  return {
    config,
    feeds: {real: vectors(4), fake: vectors(5)},
    differentiable: ['real', 'fake'],
    slow: ({real, fake}) => {
      const rows = (values: readonly number[] | undefined) => (normalize ? rowsOf(values).map(unit) : rowsOf(values));
      const kernel = (x: number[], y: number[]) => (dot(x, y) / DIMENSIONS + 1) ** 3;
      const [x, y] = [rows(real), rows(fake)];
      const within = (z: number[][]) => mean(z.flatMap((u, i) => z.filter((_, j) => j !== i).map((v) => kernel(u, v))));
      return {'': within(x) + within(y) - 2 * mean(x.flatMap((u) => y.map((v) => kernel(u, v))))};
    },
  };
}

/** |μ_x − μ_y|² + tr Σ_x + tr Σ_y − 2·Σσ(ABᵀ), by another decomposition than the program's. */
function frechetCase(sizes: readonly [number, number], normalize: boolean): Case {
  return {
    config: {type: 'frechet-distance', normalize},
    feeds: {real: vectors(sizes[0]), fake: vectors(sizes[1])},
    differentiable: ['real', 'fake'],
    slow: ({real, fake}) => {
      const set = (values: readonly number[] | undefined) => {
        const rows = normalize ? rowsOf(values).map(unit) : rowsOf(values);
        const centre = Array.from({length: DIMENSIONS}, (_, k) => mean(rows.map((row) => row[k] as number)));
        const scale = Math.sqrt(rows.length - 1);
        return {centre, rows: rows.map((row) => row.map((value, k) => (value - (centre[k] as number)) / scale))};
      };
      const [x, y] = [set(real), set(fake)];
      const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0);
      const products = new Matrix(x.rows.map((u) => y.rows.map((v) => dot(u, v))));
      const root = new SingularValueDecomposition(products, {autoTranspose: true}).diagonal;
      const traces = squares(x.rows.flat()) + squares(y.rows.flat());
      const means = squares(x.centre.map((value, k) => value - (y.centre[k] as number)));
      return {'': means + traces - 2 * root.reduce((sum, value) => sum + value, 0)};
    },
  };
}

const CASES: readonly Case[] = [
  ...(['squared-l2', 'l2', 'cosine'] as const).flatMap((measure) => [
    tripletCase(measure, true, true),
    tripletCase(measure, false, false),
  ]),
  pairCase({type: 'contrastive'}, 'l2', (d, same) => (same ? d * d : Math.max(0, 1 - d) ** 2) / 2),
  pairCase(
    {type: 'contrastive', normalize: false, margin: 2},
    'l2',
    (d, same) => (same ? d * d : Math.max(0, 2 - d) ** 2) / 2,
  ),
  pairCase({type: 'cosine-embedding', margin: 0.1}, 'cosine', (d, same) => (same ? d : Math.max(0, 1 - d - 0.1))),
  softmaxCase({type: 'info-nce', temperature: 0.5}, 0.5, true),
  softmaxCase({type: 'n-pair'}, 1, false),
  kernelCase({type: 'kernel-distance'}, false),
  kernelCase({type: 'kernel-distance', normalize: true}, true),
  // More items than dimensions, and fewer in one set or both.
  frechetCase([6, 9], false),
  frechetCase([5, 3], false),
  frechetCase([2, 3], false),
  frechetCase([6, 5], true),
];

describe('tensor programs', () => {
  test.each(CASES)('$config has the values and the gradient of its formula', async ({config, slow, ...given}) => {
    const tf = await javascript();
    const {program} = await createSetLoss(config);
    if (!program) throw new Error('no program');
    expectProgram(tf, program, slow, given);
  });

  test('equal vectors of a different pair have the slope 0, not NaN', async () => {
    const tf = await javascript();
    const {program} = await createSetLoss({type: 'contrastive'});
    const [x, same] = [tf.tensor2d([[1, 2]]), tf.tensor1d([0])];
    const gradient = tf.grad((first) => program?.({first, second: x, same})[''] ?? first)(x);
    expect([...gradient.dataSync()]).toEqual([0, 0]);
  });
});
