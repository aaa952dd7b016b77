import {afterAll, beforeAll, expect, onTestFinished, test} from 'vitest';
import {clustered} from '../tuples/mining/sets.js';
import {npy} from '../vectors/scratch.js';
import {parseTriplets} from './defined-triplets.js';
import {Installation} from './installation.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);

/** As many as a library of linear algebra is started for. */
const ITEMS = 1000;
const DIMENSIONS = 256;
const ARGS = 'triplets --embeddings e.npy --labels l.csv --per-pair 1';

/** Ten items of each identity, whose distances overlap with those to other identities. */
const {set, labels} = clustered(ITEMS, DIMENSIONS, 10, 3);
const values = Float32Array.from(set.vectors);

beforeAll(() => {
  work.write('e.npy', npy({descr: '<f4', shape: [ITEMS, DIMENSIONS], values: Array.from(values)}));
  work.write('l.csv', `index,label\n${labels.map((label, item) => `${item},${label}\n`).join('')}`);
});

/** |x/|x| − y/|y||² of an item to all. */
function distancesFrom(item: number): number[] {
  const unit = (at: number) => {
    const vector = Array.from(values.subarray(at * DIMENSIONS, (at + 1) * DIMENSIONS));
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value ** 2, 0));
    return vector.map((value) => value / length);
  };
  const x = unit(item);
  return Array.from({length: ITEMS}, (_, other) => unit(other).reduce((sum, y, k) => sum + (y - (x[k] ?? 0)) ** 2, 0));
}

test('with ONNX Runtime and without: the same bytes, and the nearest semi-hard negatives in float64', async () => {
  const run = await work.shell(`cv-loss ${ARGS} --out with.csv`);
  expect(run).toMatchObject({code: 0, stderr: expect.not.stringContaining('computed')});
  const installation = new Installation(onTestFinished, ['onnxruntime-node']);
  const without = await work.shell(`${installation.command} ${ARGS} --out without.csv`);
  expect(without).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(
      /^cv-loss: distances are computed by TensorFlow\.js, several times slower: onnxruntime-node is not installed \(npm install onnxruntime-node --ignore-scripts\)\n/,
    ),
  });
  expect(work.read('without.csv') === work.read('with.csv')).toBe(true);

  const found = parseTriplets(work.read('with.csv'));
  for (const anchor of [0, 1, 499, 999]) {
    const distances = distancesFrom(anchor);
    const items = distances.map((distance, item) => ({distance, item, same: labels[item] === labels[anchor]}));
    const expected = items.flatMap(({distance: ap, item: positive, same}) => {
      if (!same || positive === anchor) return [];
      const semiHard = items.filter(({distance: an, same}) => !same && ap < an && an < ap + 0.2);
      const [nearest] = semiHard.sort((x, y) => x.distance - y.distance);
      return nearest ? [`${positive} ${nearest.item}`] : [];
    });
    expect(expected.length).toBeGreaterThan(5);
    const own = found.filter((triplet) => triplet.anchor === String(anchor));
    expect(own.map(({positive, negative}) => `${positive} ${negative}`)).toEqual(expected);
  }
});
