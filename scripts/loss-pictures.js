// Draws the example of each loss that has a heat map: prediction, target and map of one bundled pair, side by side, into
// docs/losses/img, and what it shows into index.json there. Needs a build.   node scripts/loss-pictures.js
import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, extname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import sharp from 'sharp';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'docs/losses/img');
const work = mkdtempSync(join(tmpdir(), 'cv-loss-pictures-'));
const SIDE = 192;
const GAP = 6;

const PHOTO = ['fixtures/photos/pred/000.png', 'fixtures/photos/target/000.png'];
const MASK = ['fixtures/masks/pred/007.png', 'fixtures/masks/target/007.png'];
const SCORES = ['fixtures/masks/prob/007.png', 'fixtures/masks/target/007.png'];

/** Which pair shows a loss, and the options that it needs. LPIPS has no bundled weights, hinge and kl-divergence no bundled pictures. */
const SHOWN = [
  {
    pair: PHOTO,
    task: 'photo',
    ids: ['mse', 'rmse', 'mae', 'huber', 'charbonnier', 'log-cosh', 'psnr', 'total-variation'],
  },
  {pair: PHOTO, task: 'photo', ids: ['ssim', 'ms-ssim', 'gmsd', 'perceptual', 'content-style']},
  {pair: SCORES, task: 'mask', ids: ['cross-entropy', 'weighted-cross-entropy', 'focal', 'brier', 'lovasz']},
  {pair: SCORES, task: 'mask', ids: ['boundary', 'topology']},
  {
    pair: MASK,
    task: 'mask',
    ids: ['dice', 'iou', 'tversky', 'focal-tversky', 'generalised-dice', 'precision', 'recall'],
  },
  {
    pair: MASK,
    task: 'mask',
    ids: ['specificity', 'accuracy', 'f-beta', 'mcc', 'kappa', 'hausdorff', 'assd', 'surface-dice'],
  },
  {pair: MASK, task: 'mask', ids: ['boundary-iou', 'boundary-f', 'cl-dice', 'betti']},
];

function score({pair: [pred, target], task, ids}) {
  const report = join(work, ids[0]);
  const config = {task, inputs: {pred, target, style: 'fixtures/photos/target/005.png'}, losses: ids};
  if (!ids.includes('content-style')) delete config.inputs.style;
  const flags = ['--config', '-', '--heatmaps', 'all', '--report', report, '--quiet'];
  execFileSync(process.execPath, ['bin/cv-loss.js', 'eval', ...flags], {
    cwd: root,
    input: JSON.stringify(config),
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const maps = JSON.parse(readFileSync(join(report, 'heatmaps/index.json'), 'utf8'));
  const {summary} = JSON.parse(readFileSync(join(report, 'report.json'), 'utf8'));
  return {report, maps, summary};
}

/** A file as a tile. */
function tile(file) {
  return sharp(file).resize(SIDE, SIDE, {fit: 'fill'}).removeAlpha().toColourspace('srgb').png().toBuffer();
}

async function strip(files) {
  const tiles = await Promise.all(files.map(tile));
  const width = tiles.length * (SIDE + GAP) - GAP;
  const canvas = sharp({create: {width, height: SIDE, channels: 3, background: '#ffffff'}});
  const placed = tiles.map((input, i) => ({input, left: i * (SIDE + GAP), top: 0}));
  return canvas.composite(placed).webp({quality: 72, effort: 6}).toBuffer();
}

rmSync(out, {recursive: true, force: true});
mkdirSync(out, {recursive: true});
try {
  const index = {};
  const drawn = new Map();
  for (const group of SHOWN) {
    const {report, maps, summary} = score(group);
    const key = basename(group.pair[0], extname(group.pair[0]));
    for (const id of group.ids) {
      const map = join(report, 'heatmaps', id, `${key}.png`);
      const picture = await strip([...group.pair.map((file) => join(root, file)), map]);
      const text = picture.toString('base64');
      // Many losses of masks show the same: the wrong pixels.
      if (!drawn.has(text)) {
        drawn.set(text, `${id}.webp`);
        writeFileSync(join(out, `${id}.webp`), picture);
      }
      const [pred, target] = group.pair;
      const {shows, better} = maps.losses[id];
      const value = Number(summary[id].value.toPrecision(5));
      index[id] = {picture: drawn.get(text), pred, target, value, shows, bright: better === 'lower' ? 'high' : 'low'};
    }
  }
  writeFileSync(join(out, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
} finally {
  rmSync(work, {recursive: true, force: true});
}
