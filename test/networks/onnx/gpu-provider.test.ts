import {existsSync, readdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {expect, test} from 'vitest';
import {chooseProvider} from '../../../src/networks/onnx/gpu-provider.js';

/** What npm installs has no CUDA. */
const bin = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')), 'bin');
const library = {linux: 'libonnxruntime_providers_cuda.so', win32: 'onnxruntime_providers_cuda.dll'}[
  process.platform as string
];
const hasCuda = readdirSync(bin).some((napi) =>
  existsSync(join(bin, napi, process.platform, process.arch, `${library}`)),
);

test.skipIf(hasCuda)('CUDA is not tried where its library is not beside the runtime', async () => {
  const problem = library ? `${library} is not beside ONNX Runtime` : 'ONNX Runtime has none for this system';
  expect(await chooseProvider(['cuda'])).toEqual({provider: null, reasons: [`cuda: ${problem}`]});
});

test('nothing to try', async () => {
  expect(await chooseProvider([])).toEqual({provider: null, reasons: []});
});
