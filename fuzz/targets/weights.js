import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {externalLocations} from '../../dist/models/onnx/external-data.js';
import {graphOutline, selectOutputs} from '../../dist/models/onnx/select-outputs.js';
import {onnxSight} from '../../dist/models/onnx/sight.js';
import {readArtifacts} from '../../dist/models/tfjs/artifacts.js';
import {withTensorFile} from '../../dist/networks/weights/open-file.js';
import {filesOf, inRepository} from './files.js';

/** Opens a file of tensors and reads every one that is float32. */
function tensors(_bytes, {path}) {
  return withTensorFile(path, async ({entries, read}) => {
    for (const name of [...entries.keys()].slice(0, 50)) await read(name).catch(known);
  });
}

/** A tensor that cannot be read does not keep the others from being tried. */
function known(error) {
  if (!(error instanceof RangeError)) throw error;
  if (/call stack|allocation|Invalid/i.test(error.message)) throw new TypeError(error.message, {cause: error});
}

const ofFiles = (pattern) => ({seeds: () => filesOf('fixtures/networks/files', pattern), attempt: tensors});

/** A model.json that runs, whose weights are beside it. */
async function tfjsModel(bytes, {path, folder}) {
  for (const name of ['graph-weights.bin', 'weights.bin']) {
    writeFileSync(join(folder, name), readFileSync(inRepository(`fixtures/networks/own/${name}`)));
  }
  await Promise.allSettled([tensors(bytes, {path})]).then(([{reason}]) => rethrown(reason));
  return readArtifacts({path, name: 'model.json'});
}

function rethrown(reason) {
  if (reason !== undefined && reason.name !== 'UsageError') throw reason;
}

/** What is read of an ONNX model before ONNX Runtime gets it. Errors are caught where this is called, whatever they are. */
function onnxModel(bytes) {
  for (const read of [externalLocations, graphOutline, onnxSight, (model) => selectOutputs(model, ['relu1_1'])]) {
    try {
      read(bytes);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
  }
}

export const weights = {
  safetensors: ofFiles(/\.safetensors$/),
  h5: ofFiles(/\.h5$/),
  torch: ofFiles(/\.pth$/),
  'tensors-npz': ofFiles(/\.npz$/),
  tfjs: {seeds: () => filesOf('fixtures/networks/own', /^(graph|layers)\.json$/), attempt: tfjsModel},
  onnx: {
    seeds: () => [...filesOf('fixtures/networks/own', /\.onnx$/), ...filesOf('fixtures/generators', /\.onnx$/)],
    attempt: onnxModel,
  },
};
