import type {Preprocessing} from './graph.js';

/** What the authors' SqueezeNet was trained with in Caffe: BGR on 0..255, minus the mean colour. */
export const CAFFE: Preprocessing = {order: 'bgr', scale: 255, mean: [104, 117, 123], std: [1, 1, 1]};

/** The same with the mean colour of the VGG authors' models, which Keras calls `caffe` mode (keras.applications.imagenet_utils). */
export const CAFFE_VGG: Preprocessing = {order: 'bgr', scale: 255, mean: [103.939, 116.779, 123.68], std: [1, 1, 1]};

/** What torchvision's ImageNet models were trained with: RGB, minus the mean colour, divided by the standard deviation. */
export const TORCHVISION: Preprocessing = {
  order: 'rgb',
  scale: 1,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** Pixel values as they are. */
export const UNIT: Preprocessing = {order: 'rgb', scale: 1, mean: [0, 0, 0], std: [1, 1, 1]};
