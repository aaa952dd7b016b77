import type {Messages} from './message.js';

/** Losses as functions of tensors, in a program. */
export const tensors = {
  'CVL-T001': {
    title: 'a loss function was given a tensor that it cannot take',
    cause:
      'A role is missing or unknown, or its tensor has another shape, size, type or number of channels than the loss reads.',
    remedy: 'Give float32 images `[n, h, w, c]` or `[h, w, c]` of one size; 8-bit pixels as `tf.div(image, 255)`.',
  },
  'CVL-T002': {
    title: 'a loss function must know what the prediction holds',
    cause: 'The numbers of a tensor do not say whether they are probabilities or logits, and the loss depends on it.',
    remedy: "Say `input: 'probabilities'` or `input: 'logits'` in the options of the function.",
  },
  'CVL-T003': {
    title: 'a loss function cannot do what its options ask for',
    cause:
      'The option needs a whole dataset, or counts of pixels that have no gradient; or a loss of features lacks its network, or what was learnt beside it.',
    remedy:
      'Leave the option out, or score files with `evaluate` or `cv-loss eval`. A network comes from `openNetwork` or `readNetwork`; `lpips` and `dists` may be given `channel_weights`.',
  },
} as const satisfies Messages;
