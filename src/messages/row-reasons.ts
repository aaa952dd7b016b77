import type {NamedMessage} from './message.js';

/** Why a row failed, by the name that its reason begins with. The run goes on, and exits with 3. */
export const rowReasons = {
  alpha: {
    code: 'CVL-F001',
    title: 'transparency, or the option alpha, that fits no loss',
    cause:
      'The image is partly transparent, and what a transparent pixel is worth is not known; or `alpha` of focal has another length than there are classes.',
    remedy: 'Set `image.alpha: drop` or `image.alpha: "blend #ffffff"`; give focal an alpha for each class.',
  },
  arrays: {
    code: 'CVL-F002',
    title: 'an NPZ of several arrays',
    cause: 'Which of them is the image is not known.',
    remedy: 'Save one array a file.',
  },
  changed: {
    code: 'CVL-F003',
    title: 'the file changed while it was used',
    cause: 'Something writes the images during the run.',
    remedy: 'Run again once they are finished.',
  },
  channels: {
    code: 'CVL-F004',
    title: 'a number of channels that the loss or option does not take',
    cause: 'A mask has one channel, a network takes 1 or 3, colour conversions 1 or 3.',
    remedy: 'Save it with the channels that the reason names; a mask in colours needs `palette`.',
  },
  'channels-differ': {
    code: 'CVL-F005',
    title: 'prediction and target have channels that cannot be matched',
    cause: 'Grey is compared with colour by repeating it; other numbers of channels have no common form.',
    remedy: 'Save both with the same number of channels.',
  },
  'class-files': {
    code: 'CVL-F006',
    title: 'the files of the classes do not fit together',
    cause: 'One file a class must have one channel, and the size of the others.',
    remedy: 'Write all classes of a sample with the same program and size.',
  },
  'class-weights': {
    code: 'CVL-F007',
    title: 'another number of class weights than classes',
    cause: 'A list of `class_weights` has an entry for each class that the scores tell apart.',
    remedy: 'Give as many, or `balanced` or `median-frequency`.',
  },
  crop: {
    code: 'CVL-F008',
    title: 'nothing is left of the image',
    cause: '`crop_border` takes as many pixels from each side as the image has.',
    remedy: 'Lower `crop_border`.',
  },
  'decode-failed': {
    code: 'CVL-F009',
    title: 'the image cannot be decoded',
    cause: 'The file is cut short or damaged. Warnings of decoders count: a half image is never scored.',
    remedy: 'Write or copy the file again.',
  },
  dtype: {
    code: 'CVL-F010',
    title: 'an array of a type that is not read',
    cause: 'Complex numbers, dates, objects and 64-bit ids beyond 2^53 have no meaning as pixels.',
    remedy: 'Save it as uint8, uint16 or float32.',
  },
  'empty-file': {
    code: 'CVL-F011',
    title: 'the file is empty',
    cause: 'It has no bytes: mostly a program that was ended while it wrote.',
    remedy: 'Write the file again.',
  },
  ignore: {
    code: 'CVL-F012',
    title: 'pixels that cannot be ignored',
    cause:
      'Which pixels a layer of a model of your own sees is known for ONNX with channels first, without a fixed size.',
    remedy: 'Score without the role `ignore`, or export the model in that form.',
  },
  instances: {
    code: 'CVL-F013',
    title: 'instances that are no whole numbers',
    cause: 'The role `instances` holds an id for each object, and 0 for background.',
    remedy: 'Save whole ids from 0, as PNG or NPY.',
  },
  labels: {
    code: 'CVL-F014',
    title: 'an id or colour that is no class',
    cause:
      'The mask holds an id outside of `classes`, or a colour outside of `palette`; anti-aliased edges and JPEG make such colours.',
    remedy:
      'Set `classes` or `palette` (and `ignore_index`) as the masks are, and save masks as PNG without smoothing.',
  },
  'loss-failed': {
    code: 'CVL-F015',
    title: 'the loss failed on the sample',
    cause: 'A loss, mostly of a plugin, threw or gave something else than its values.',
    remedy: 'The reason has what it said; `CV_LOSS_DEBUG=1` prints where.',
  },
  map: {
    code: 'CVL-F016',
    title: 'the heat map cannot be made',
    cause: 'A loss, mostly of a plugin, gave another number of values than the image has pixels, or threw.',
    remedy: 'Correct its `pixelMap`; values and reports are not concerned.',
  },
  'model-failed': {
    code: 'CVL-F017',
    title: 'the model failed on the image',
    cause: 'The runtime refuses an image of that size.',
    remedy: 'Say the `size` that the model was made for.',
  },
  'model-output': {
    code: 'CVL-F018',
    title: 'the model gave what cannot be used',
    cause: 'Its output has NaN or infinity, or another shape than for other images.',
    remedy: 'Check mean, std and range of its input; the reason names the output.',
  },
  'no-content': {
    code: 'CVL-F019',
    title: 'content-style has no image of the content',
    cause: 'The sample has neither a target nor the role `content`.',
    remedy: 'Give `--target` or `--input content=PATH`.',
  },
  'no-style': {
    code: 'CVL-F020',
    title: 'texture has nothing to compare with',
    cause: 'The sample has neither a target nor the role `style`.',
    remedy: 'Give `--target` or `--input style=PATH`; one style image may serve all samples.',
  },
  'not-an-image': {
    code: 'CVL-F021',
    title: 'the file is text',
    cause:
      'Its content is no image, whatever the extension says: an error page that was saved, or a pointer of Git LFS.',
    remedy: 'Get the real file (`git lfs pull`).',
  },
  'out-of-memory': {
    code: 'CVL-F022',
    title: 'the sample needs more memory than there is',
    cause:
      'Tensors or activations of an image of that size do not fit, or its pixels are more than `--max-memory` holds and a loss, a format or an option needs them all at once.',
    remedy:
      'Score smaller images or crops, lower `--batch-size` or `--jobs`, or raise `--max-memory`; docs/large-images.md says what is scored in strips.',
  },
  page: {
    code: 'CVL-F023',
    title: 'a file of several pages',
    cause: 'Which page or frame is meant is not known, or it has fewer than `image.page` says.',
    remedy: 'Set `image.page`, from 0.',
  },
  'pos-weight': {
    code: 'CVL-F024',
    title: 'pos_weight beside several classes',
    cause: '`pos_weight` weighs the one foreground class of binary scores.',
    remedy: 'Use weighted-cross-entropy with `class_weights`.',
  },
  scores: {
    code: 'CVL-F025',
    title: 'scores that are not what the loss reads',
    cause:
      'A float file is neither said to be probabilities nor logits, values lie outside of 0..1, sums are not 1, or channels and classes differ in number.',
    remedy: 'Say `input: probabilities` or `input: logits` for the loss, and set `classes` as the scores are.',
  },
  shape: {
    code: 'CVL-F026',
    title: 'an array that is no image',
    cause: 'Images are `[h, w]` or `[h, w, c]`.',
    remedy: 'Drop the batch axis (`array[0]`), move channels last (`array.transpose(1, 2, 0)`).',
  },
  'sizes-differ': {
    code: 'CVL-F027',
    title: 'images of different sizes',
    cause: 'Values of images are comparable only in one size, so nothing is resampled unasked.',
    remedy:
      'Set `image.size: target` (resample the prediction), `crop` or `[h, w]`; masks must be supplied in the right size.',
  },
  timeout: {
    code: 'CVL-F028',
    title: 'the sample took too long',
    cause: 'It was not decoded within `image.max_seconds`.',
    remedy: 'Raise `image.max_seconds`, or look at the file: a small one may decode to a huge image.',
  },
  'too-many-pixels': {
    code: 'CVL-F029',
    title: 'the image is larger than the limit',
    cause: 'A small file may claim a huge image, so `image.max_pixels` (64 million) is checked before decoding.',
    remedy: 'Raise `image.max_pixels` when the image is meant to be that large.',
  },
  'too-small': {
    code: 'CVL-F030',
    title: 'the image is too small for the loss',
    cause: 'A window, scale or layer needs more pixels than there are.',
    remedy: 'Score larger images, or leave that loss or layer out.',
  },
  'undefined-value': {
    code: 'CVL-F031',
    title: 'a value does not exist, and the loss is set to fail then',
    cause: 'Empty masks and images under the window have no value; the policy of the loss is `undefined: fail`.',
    remedy: 'Correct the sample, or set `undefined: skip` or a number.',
  },
  'unreadable-file': {
    code: 'CVL-F032',
    title: 'the file cannot be read',
    cause: 'It is gone since it was listed, or this user may not read it.',
    remedy: 'Check the file and its permissions; the reason has the code of the system.',
  },
  'unsupported-format': {
    code: 'CVL-F033',
    title: 'a format that is not read',
    cause: 'Vector images and documents are refused, and so are formats without a decoder that keeps values exact.',
    remedy: 'Convert it to one of the formats that the reason lists.',
  },
  weight: {
    code: 'CVL-F034',
    title: 'a pixel weight that is none',
    cause: 'Weights are finite numbers of at least 0.',
    remedy: 'Correct the map of the role `weight` at the pixel that the reason names.',
  },
} satisfies Readonly<Record<string, NamedMessage>>;
