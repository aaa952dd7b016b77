import {extname} from 'node:path';
import {UsageError} from '../errors.js';
import type {ModelRuntime, RuntimeOptions} from './runtime.js';

/** Loads a model into what runs it, by its extension. Throws UsageError for what is no such file and what that refuses. */
export async function loadModel(options: RuntimeOptions): Promise<ModelRuntime> {
  const extension = extname(options.path).toLowerCase();
  if (extension === '.onnx') return (await import('./onnx/open.js')).openOnnx(options);
  if (extension === '.json') return (await import('./tfjs/open.js')).openTfjs(options);
  throw new UsageError('CVL-M002', `model ${options.name}: expected an .onnx file or the model.json of TensorFlow.js`);
}
