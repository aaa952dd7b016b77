// Writes weights/NETWORK-calibration.json of every bundled network: the mean squared activation of each layer on the
// bundled photographs. Run it when weights or photographs change, after `npm run build`.
import {readdirSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import sharp from 'sharp';
import {startDevice} from '../dist/device/start.js';
import {knownNetworks} from '../dist/networks/known.js';
import {NetworkLibrary} from '../dist/networks/open.js';

const photos = new URL('../fixtures/photos/target/', import.meta.url);
const images = readdirSync(photos)
  .filter((name) => name.endsWith('.png'))
  .sort();
const {tf} = await startDevice('cpu');
const library = new NetworkLibrary(tf);

for (const {definition, bundled} of knownNetworks()) {
  if (bundled) await calibrate(definition.id);
}
await library.close();

async function calibrate(id) {
  const tables = [];
  for (const input of ['weights', 'unit']) {
    for (const pooling of ['max', 'average']) {
      const network = await library.open({network: id, weights: 'default', pooling, input});
      tables.push({input, pooling, layers: await meanSquares(network)});
    }
  }
  const calibration = {
    made_by: 'node scripts/calibrate.js',
    images: images.map((name) => `fixtures/photos/target/${name}`),
    weights_sha256: library.opened().find(({network}) => network === id).weights_sha256,
    mean_squared_activation: tables,
  };
  writeFileSync(
    new URL(`../weights/${id}-calibration.json`, import.meta.url),
    `${JSON.stringify(calibration, null, 2)}\n`,
  );
}

/** Per layer: the mean over photographs of the mean over channels and positions of the squared activation. */
async function meanSquares(network) {
  const sums = new Map(network.layers.map((layer) => [layer, 0]));
  for (const name of images) {
    const image = await readImage(new URL(name, photos));
    const features = network.features(image, network.layers);
    for (const [layer, activations] of Object.entries(features)) {
      const values = await activations.data();
      let sum = 0;
      for (const value of values) sum += value * value;
      sums.set(layer, sums.get(layer) + sum / values.length / images.length);
    }
    tf.dispose([image, features]);
  }
  return Object.fromEntries([...sums].map(([layer, sum]) => [layer, Number(sum.toPrecision(9))]));
}

async function readImage(url) {
  const {data, info} = await sharp(fileURLToPath(url)).removeAlpha().raw().toBuffer({resolveWithObject: true});
  const values = Float32Array.from(data, (value) => value / 255);
  return tf.tensor4d(values, [1, info.height, info.width, info.channels]);
}
