// Builds dist/: the compiled sources and the two published JSON Schemas. `npm ci` runs it as `prepare`.
import {spawnSync} from 'node:child_process';
import {existsSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

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

async function build(tsc) {
  rmSync(dist, {recursive: true, force: true});
  const {status} = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.json')], {stdio: 'inherit'});
  if (status !== 0) {
    process.exitCode = 1;
    return;
  }
  const {configJsonSchema} = await import('../dist/config/json-schema.js');
  const {reportJsonSchema} = await import('../dist/report/report.js');
  writeSchema('config', configJsonSchema());
  writeSchema('report', reportJsonSchema());
}

function writeSchema(name, schema) {
  writeFileSync(join(dist, `${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
}
