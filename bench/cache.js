// What the cache of features saves: the bundled photographs scored without a cache, into an empty one, and again with what
// that kept. Runs take turns, so that a machine whose speed drifts slows them all; the first round warms up and is not
// counted. The rows of all three must be the same. VGG19's weights are hashed ones: the work is that of real ones.
// Needs `npm run build`.
//   node bench/cache.js [rounds] [photographs]
import assert from 'node:assert/strict';
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {evaluate} from '../dist/index.js';

const rounds = Number(process.argv[2] ?? 3);
const photographs = Number(process.argv[3] ?? 2);
const photos = fileURLToPath(new URL('../fixtures/photos', import.meta.url));
const names = readdirSync(join(photos, 'target')).slice(0, photographs);
const vgg19 = {network: 'vgg19', weights: {hashed: 0}};
const suites = {
  'squeezenet1_0 perceptual': [{type: 'perceptual'}],
  'squeezenet1_0 texture': [{type: 'texture'}],
  'vgg19 perceptual, relu2_2': [{type: 'perceptual', ...vgg19}],
  'vgg19 texture, relu1_1 to relu5_1': [{type: 'texture', ...vgg19}],
};
const home = mkdtempSync(join(tmpdir(), 'cv-loss-bench-'));
process.env.CV_LOSS_HOME = home;
const inputs = Object.fromEntries(
  ['pred', 'target'].map((role) => [
    role,
    `${photos}/${role}/{${names.map((name) => name.slice(0, -4)).join(',')}}.png`,
  ]),
);

try {
  for (const [name, losses] of Object.entries(suites)) {
    const seconds = {none: [], first: [], second: []};
    for (let round = 0; round <= rounds; round++) {
      rmSync(home, {recursive: true, force: true});
      const none = await evaluate({inputs, losses}, {cache: false});
      const first = await evaluate({inputs, losses});
      const second = await evaluate({inputs, losses});
      assert.deepEqual([first.rows, second.rows], [none.rows, none.rows]);
      assert.deepEqual(second.cache, {hits: names.length, misses: 0});
      if (round === 0) continue;
      for (const [key, one] of Object.entries({none, first, second})) seconds[key].push(one.seconds);
    }
    const [none, first, second] = Object.values(seconds).map(median);
    console.log(
      `${name}: without ${none.toFixed(2)} s; first run ${first.toFixed(2)} s (${(first / none).toFixed(2)}), ` +
        `second ${second.toFixed(2)} s (${(second / none).toFixed(2)}), of ${names.length} pairs`,
    );
  }
} finally {
  rmSync(home, {recursive: true, force: true});
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
