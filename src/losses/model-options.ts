import * as z from 'zod';

const perChannel = z.union([z.number(), z.array(z.number()).min(1).max(3)], {
  error: 'expected a number, or one a channel: [0.485, 0.456, 0.406]',
});

/** A range of values; what lies between its ends is divided by their distance. */
export const valueRange = z
  .tuple([z.number(), z.number()], {error: 'expected [low, high], such as [0, 255]'})
  .refine(([low, high]) => low !== high, {error: 'expected two numbers that differ, such as [0, 255]'});

const side = z.int().min(1).max(16_384);

/** The file of a model of the user's own, as a config writes it. */
export const modelFile = z
  .string({error: 'expected a model: an .onnx file, or a model.json'})
  .min(1)
  .describe('an .onnx file, or the model.json of TensorFlow.js (graph or layers); relative to this file');

/** How a config says what a model of the user's own takes. */
export const modelInputOptions = {
  size: z
    .tuple([side, side], {error: 'expected [height, width]'})
    .optional()
    .describe("[height, width] that images are resampled to; by default the model's own"),
  color: z
    .enum(['rgb', 'bgr', 'grey'])
    .optional()
    .describe('the order of its channels; by default grey for a model of one channel, rgb for one of three'),
  mean: perChannel.optional().describe('subtracted from pixels in range, in the order of color; 0 by default'),
  std: perChannel.optional().describe('what pixels are divided by then; 1 by default'),
  range: valueRange
    .optional()
    .describe(
      'what 0 and the largest value of a pixel become, before mean and std; [0, 1] by default, [0, 255] where the model takes integers',
    ),
  layout: z
    .enum(['nchw', 'nhwc'])
    .optional()
    .describe('where the channels are, for a model that does not say; nchw for ONNX, nhwc for TensorFlow.js'),
};
