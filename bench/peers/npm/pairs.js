// Compares pairs of PNGs as users of pixelmatch, ssim.js or odiff do. With --serve a pass for each line on standard input.
//   node bench/peers/npm/pairs.js LIBRARY PRED TARGET [--serve]
import {execFile} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {serve} from '../../speed/serve.js';

const {values, positionals} = parseArgs({allowPositionals: true, options: {serve: {type: 'boolean'}}});
const [library, pred, target] = positionals;
const differs = 22;

/** What compares the pictures of two paths. */
const comparisons = {
  async pixelmatch() {
    const [{default: pixelmatch}, read] = [await import('pixelmatch'), await pngReader()];
    return async (...paths) => {
      const [x, y] = await Promise.all(paths.map(read));
      pixelmatch(x.data, y.data, null, x.width, x.height);
    };
  },
  async ssim() {
    const [{ssim}, read] = [(await import('ssim.js')).default, await pngReader()];
    return async (...paths) => {
      const [x, y] = await Promise.all(paths.map(read));
      // Wang's window; the default is another algorithm, which approximates it.
      ssim(x, y, {ssim: 'fast', downsample: false});
    };
  },
  async odiff() {
    const program = fileURLToPath(new URL('node_modules/.bin/odiff', import.meta.url));
    return (...paths) =>
      new Promise((resolve, reject) => {
        execFile(program, [...paths, '--parsable-stdout'], (error) => {
          if (error && error.code !== differs) reject(error);
          else resolve();
        });
      });
  },
};

async function pngReader() {
  const {PNG} = (await import('pngjs')).default;
  return async (path) => PNG.sync.read(await readFile(path));
}

const compare = await comparisons[library]();

async function pass() {
  const names = readdirSync(pred).sort();
  const work = async () => {
    for (let name = names.pop(); name; name = names.pop()) await compare(join(pred, name), join(target, name));
  };
  // Programs run side by side; JavaScript has one thread anyway.
  await Promise.all(Array.from({length: library === 'odiff' ? availableParallelism() : 1}, work));
}

if (values.serve) await serve(pass);
else await pass();
