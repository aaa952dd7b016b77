// Builds dist/: the kernels, the compiled sources, the program in a few files, the losses for browsers, the script and styles of report.html, and the two published JSON Schemas.
// `npm ci` runs it as `prepare`.
import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import process from 'node:process';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {writeKernels} from './kernels.js';

const BROWSERS = ['chrome111', 'firefox115', 'safari16'];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const compiler = findCompiler();

if (compiler) {
  await build(compiler);
} else if (existsSync(join(dist, 'index.js'))) {
  console.error('cv-loss: the TypeScript compiler is not installed; dist/ stays as it is');
} else {
  console.error(
    'cv-loss: dist/ is missing and the TypeScript compiler is not installed; run npm ci without --omit=dev',
  );
  process.exitCode = 1;
}

function findCompiler() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  } catch {
    return null;
  }
}

/** Builds beside dist/ and takes its place when whole: a build that fails, or another one at the same time, breaks nothing. */
async function build(tsc) {
  const made = join(root, `.dist-${process.pid}`);
  const old = `${made}-old`;
  try {
    await writeKernels();
    const {status} = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.json'), '--outDir', made], {
      stdio: 'inherit',
    });
    if (status !== 0) {
      process.exitCode = 1;
      return;
    }
    await bundlePage(join(made, 'report', 'html'));
    await bundleProgram(made);
    await bundleBrowser(made);
    await writeSchemas(made);
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(made, dist);
  } finally {
    for (const folder of [made, old]) rmSync(folder, {recursive: true, force: true});
  }
}

/** The script and the styles that every report.html holds, with what they import in them. */
async function bundlePage(folder) {
  const esbuild = await import('esbuild');
  const source = join(root, 'src', 'report', 'html');
  const shared = {bundle: true, minify: true, legalComments: 'none', target: BROWSERS};
  const script = [join(source, 'client', 'main.ts')];
  const styles = [join(source, 'styles', 'page.css')];
  const licences = {js: licencesOf(['uplot', '@tanstack/virtual-core'])};
  await esbuild.build({
    ...shared,
    entryPoints: script,
    format: 'iife',
    outfile: join(folder, 'client.js'),
    tsconfigRaw: {},
    banner: licences,
  });
  await esbuild.build({...shared, entryPoints: styles, outfile: join(folder, 'client.css')});
}

/**
 * The command line and a worker's process in a few files in place of hundreds, and what threads run in one: Node takes its time over every
 * one. Zod is in them, of which they need a part.
 */
async function bundleProgram(folder) {
  const esbuild = await import('esbuild');
  const {dependencies, optionalDependencies, peerDependencies} = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const shared = {
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: Object.keys({...dependencies, ...optionalDependencies, ...peerDependencies}).filter(
      (name) => name !== 'zod',
    ),
    legalComments: 'none',
    minifyWhitespace: true,
    minifySyntax: true,
    outdir: join(folder, 'program'),
    metafile: true,
  };
  const processes = {
    main: join(folder, 'cli', 'main.js'),
    'scoring-process': join(folder, 'queue', 'worker', 'scoring-process.js'),
  };
  const thread = {'scoring-thread': join(folder, 'run', 'threads', 'thread.js')};
  for (const options of [{splitting: true, entryPoints: processes}, {entryPoints: thread}]) {
    const {metafile} = await esbuild.build({...shared, ...options});
    for (const [file, {inputs}] of Object.entries(metafile.outputs)) {
      if (!Object.keys(inputs).some((input) => input.includes('node_modules/zod/'))) continue;
      writeFileSync(file, `${licencesOf(['zod'])}\n${readFileSync(file, 'utf8')}`);
    }
  }
}

/** The losses as functions of tensors, for browsers: one module that imports TensorFlow.js alone, which is the user's own. */
async function bundleBrowser(folder) {
  const esbuild = await import('esbuild');
  await esbuild.build({
    bundle: true,
    minify: true,
    legalComments: 'none',
    format: 'esm',
    platform: 'browser',
    target: BROWSERS,
    external: ['@tensorflow/tfjs-core'],
    entryPoints: {losses: join(folder, 'loss-functions', 'index.js')},
    outdir: join(folder, 'browser'),
    banner: {js: licencesOf(['zod', 'fastest-levenshtein'])},
  });
}

/** The licences of bundled packages, which every copy carries, as a comment. */
function licencesOf(names) {
  const texts = names.map((name) => {
    const folder = join(root, 'node_modules', name);
    const file = ['LICENSE', 'LICENSE.md'].map((one) => join(folder, one)).find(existsSync);
    return `${name}\n${readFileSync(file, 'utf8').trim()}`;
  });
  return `/*!\n${texts.join('\n\n')}\n*/`;
}

async function writeSchemas(folder) {
  const load = (file) => import(pathToFileURL(join(folder, file)).href);
  const {configJsonSchema} = await load('config/json-schema.js');
  const {reportJsonSchema} = await load('report/report.js');
  writeSchema(folder, 'config', configJsonSchema());
  writeSchema(folder, 'report', reportJsonSchema());
}

function writeSchema(folder, name, schema) {
  writeFileSync(join(folder, `${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
}
