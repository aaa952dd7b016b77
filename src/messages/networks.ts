import type {Messages} from './message.js';

/** Networks that cv-loss knows, and their weights. */
export const networks = {
  'CVL-N001': {
    title: 'unknown network',
    cause: 'No network of that name is built in.',
    remedy: '`cv-loss models list` shows them; a model of your own is written as `network: {model: FILE.onnx}`.',
  },
  'CVL-N002': {
    title: 'a network has no weights from that source',
    cause: 'Weights of a network come from its authors or from torchvision, not from both for every one.',
    remedy: '`cv-loss models list` shows the sources of each network.',
  },
  'CVL-N003': {
    title: 'weights are not on this machine',
    cause: 'Only SqueezeNet 1.0 comes with the package; others are never downloaded unasked.',
    remedy:
      '`cv-loss models pull vgg19` downloads and checks them, `cv-loss models import vgg19 FILE` takes a file that you have.',
  },
  'CVL-N004': {
    title: 'stored weights are damaged',
    cause: 'The file has other bytes than were stored: a disk error, or it was changed.',
    remedy: 'Get them again with `cv-loss models pull NAME --force`; for bundled weights install cv-loss again.',
  },
  'CVL-N005': {
    title: 'a file of weights cannot be read',
    cause: 'There is no such file, or this user may not read it.',
    remedy: 'Check the path and its permissions.',
  },
  'CVL-N006': {
    title: 'a file does not hold the weights of the network',
    cause: 'It is in no format that is read, cut short, or its tensors are of another network or have other shapes.',
    remedy: "Give safetensors, PyTorch's state dict, Keras' .h5, tfjs' model.json or NPZ of that very network.",
  },
  'CVL-N007': {
    title: 'a network that comes with its weights',
    cause: 'There is nothing to pull or import for it.',
    remedy: 'Use it as it is; other weights go to the loss itself: `weights: FILE`.',
  },
  'CVL-N008': {
    title: 'other weights are stored already',
    cause: 'An import would replace weights, and so change values of later runs.',
    remedy: 'Add `--force` when that is meant.',
  },
  'CVL-N009': {
    title: 'no published weights of the metric for that network',
    cause: 'LPIPS and DISTS have trained weights for some networks only, and for none of your own.',
    remedy: '`cv-loss losses lpips` names the networks; `perceptual` compares features of any network.',
  },
  'CVL-N010': {
    title: "a metric beside another source's weights",
    cause: "The published weights of the metric were trained on torchvision's network.",
    remedy: "Pull torchvision's weights with the command that the line gives.",
  },
  'CVL-N011': {
    title: 'a network that cannot pool that way',
    cause: 'l2 pooling takes the place of 2×2 pools, and the network has others.',
    remedy: "Open vgg16 or vgg19 with `pooling: 'l2'` (`dists` takes vgg16), or take `max` or `average`.",
  },
} satisfies Messages;
