// Writes the example as one file that opens from disk: node examples/browser/build.js [FILE]
import {readFileSync, writeFileSync} from 'node:fs';
import {resolve} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Bundles the page with TensorFlow.js, the losses and two fixtures. */
export async function writePage(path) {
  const {outputFiles} = await build({
    entryPoints: [here('page.js')],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome111', 'firefox115', 'safari16'],
    loader: {'.png': 'dataurl', '.wasm': 'dataurl'},
    legalComments: 'none',
    write: false,
  });
  const script = outputFiles[0].text.replaceAll('</script', '<\\/script');
  // As functions, so that no `$&` of the code is taken for a pattern.
  const page = readFileSync(here('index.html'), 'utf8')
    .replace('/* page.css */', () => readFileSync(here('page.css'), 'utf8'))
    .replace('<script>/* page.js */', () => `<script type="module">${script}`);
  writeFileSync(path, page);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = resolve(process.argv[2] ?? 'cv-loss-browser.html');
  await writePage(path);
  console.log(path);
}
