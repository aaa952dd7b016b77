import {equalWeights, type UsualLayers} from './network-options.js';

const VGG = equalWeights('relu1_1', 'relu2_1', 'relu3_1', 'relu4_1', 'relu5_1');

/** The layers that tell a style, and their weights; VGG's are those of Gatys 2016. */
export const STYLE_LAYERS: UsualLayers = {
  squeezenet1_0: equalWeights('relu_conv1', 'fire2', 'fire3', 'fire4', 'fire5'),
  squeezenet1_1: equalWeights('relu_conv1', 'fire2', 'fire3', 'fire4', 'fire5'),
  alexnet: equalWeights('relu1', 'relu2', 'relu3', 'relu4', 'relu5'),
  vgg16: VGG,
  vgg19: VGG,
};

/** The same in words, for an option's description. */
export const STYLE_LAYERS_TEXT =
  'relu_conv1 and fire2 to fire5 of the SqueezeNets, relu1 to relu5 of alexnet, relu1_1 to relu5_1 (the first of each block) of vgg16 and vgg19, 1/5 each';
