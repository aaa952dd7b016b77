// Compiles src/kernels/assembly (AssemblyScript) and writes the module as text, so that the kernels need no file of their own.
import {createHash} from 'node:crypto';
import {readdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

const kernels = fileURLToPath(new URL('../src/kernels', import.meta.url));
const sources = join(kernels, 'assembly');
const written = join(kernels, 'wasm-text.ts');
const OPTIONS = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--noAssert', '--use', 'abort='];

/** Writes src/kernels/wasm-text.ts, unless it is of these very sources. Throws where they do not compile. */
export async function writeKernels() {
  const {default: asc} = await import('assemblyscript/asc');
  const files = Object.fromEntries(
    readdirSync(sources)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => [name, readFileSync(join(sources, name), 'utf8')]),
  );
  const state = createHash('sha256')
    .update(JSON.stringify([asc.version, OPTIONS, files]))
    .digest('hex');
  if (writtenText().includes(state)) return;
  const {binary, text} = await compile(asc, files);
  if (!binary) throw new Error(`the kernels do not compile\n${text}`);
  const base64 = Buffer.from(binary).toString('base64');
  const made = `${written}.${process.pid}`;
  writeFileSync(
    made,
    `// Made by scripts/kernels.js of src/kernels/assembly, ${state}.\n\n/** The kernels' WebAssembly module in base64. */\nexport const WASM_TEXT =\n  '${base64}';\n`,
  );
  renameSync(made, written);
}

function writtenText() {
  try {
    return readFileSync(written, 'utf8');
  } catch {
    return '';
  }
}

async function compile(asc, files) {
  let binary = null;
  const {error, stderr} = await asc.main(['index.ts', ...OPTIONS, '--outFile', 'kernels.wasm'], {
    readFile: (name) => files[name] ?? null,
    writeFile: (_, contents) => {
      binary = contents;
    },
    listFiles: () => [],
  });
  return {binary: error ? null : binary, text: `${stderr}${error ?? ''}`};
}
