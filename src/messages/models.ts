import type {Messages} from './message.js';

/** Models of the user's own: ONNX and TensorFlow.js. */
export const models = {
  'CVL-M001': {
    title: 'a file of the model cannot be read',
    cause: 'The model, or a file of weights that it names, is missing or may not be read.',
    remedy: 'Put all files of the model into one folder, and check their permissions.',
  },
  'CVL-M002': {
    title: 'no model that can be read',
    cause: 'The file is damaged, in another format, or incomplete.',
    remedy: 'Give an `.onnx` file, or the `model.json` of a TensorFlow.js graph or layers model with its shards.',
  },
  'CVL-M003': {
    title: 'the model cannot be loaded',
    cause: 'The runtime knows an operator or version of the model not, or its graph is inconsistent.',
    remedy: 'Export it for an older operator set, or as ONNX where TensorFlow.js does not know an operator.',
  },
  'CVL-M004': {
    title: 'ONNX Runtime is not there',
    cause: 'onnxruntime-node is an optional dependency, and was not installed or does not load on this machine.',
    remedy: 'Install it with the command that the line gives; `cv-loss doctor` says what is missing.',
  },
  'CVL-M005': {
    title: 'a model names a file outside of its folder',
    cause: 'A model from elsewhere could read any file of this machine; its companions must lie beside it.',
    remedy: 'Copy the file beside the model, and let the model name it there.',
  },
  'CVL-M006': {
    title: "the model's input does not take these images",
    cause: 'It has several inputs, no four axes, or contradicts the size, colour, mean, std or range of the config.',
    remedy: 'Correct what the line names; the keys are size, color, layout, mean, std and range.',
  },
  'CVL-M007': {
    title: 'which output is meant is not clear',
    cause: 'The model has several outputs and none is named, or none of the name that is.',
    remedy: 'Say `output: NAME` with one of the names that the line lists.',
  },
  'CVL-M008': {
    title: 'an output of a shape that cannot be used',
    cause: 'A layer must give maps, an embedder one vector an image, a generator an image.',
    remedy: 'Name another output, or export the model with an output of that shape.',
  },
  'CVL-M009': {
    title: 'the model fails on its input',
    cause: 'The runtime refuses to run it on images of that size or kind.',
    remedy: 'Say the `size` that the model was made for; the line has the reason of the runtime.',
  },
} satisfies Messages;
