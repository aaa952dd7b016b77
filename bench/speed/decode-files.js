// Decodes every file of some folders with sharp, as many at a time as there are cores, and does nothing else.
//   node bench/speed/decode-files.js FOLDER … [--serve]
import {readdirSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import sharp from 'sharp';
import {serve} from './serve.js';

const {values, positionals} = parseArgs({allowPositionals: true, options: {serve: {type: 'boolean'}}});
// One thread a file: the files themselves keep the cores busy.
sharp.concurrency(1);
sharp.cache(false);

async function decodeAll() {
  const files = positionals.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const decode = async () => {
    for (let file = files.pop(); file; file = files.pop()) await sharp(file).raw().toBuffer();
  };
  // One more than the cores: one file is read while others are decoded.
  await Promise.all(Array.from({length: availableParallelism() + 1}, decode));
}

if (values.serve) await serve(decodeAll);
else await decodeAll();
