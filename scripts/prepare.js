// Builds dist/: the kernels, the compiled sources and the two published JSON Schemas. `npm ci` runs it as `prepare`.
import {spawnSync} from 'node:child_process';
import {existsSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import process from 'node:process';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {writeKernels} from './kernels.js';

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
    await writeSchemas(made);
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(made, dist);
  } finally {
    for (const folder of [made, old]) rmSync(folder, {recursive: true, force: true});
  }
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
