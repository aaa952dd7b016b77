/** The targets in the order in which they run. */
export const targetNames = [
  ...['png', 'png-sealed', 'jpeg', 'webp', 'avif', 'tiff', 'bmp', 'pnm', 'npy', 'npz', 'icc', 'image-header'],
  ...['safetensors', 'h5', 'torch', 'tensors-npz', 'tfjs', 'onnx'],
  ...['config', 'config-json', 'manifest-csv', 'manifest-jsonl', 'labels', 'scores'],
  ...['journal', 'shard', 'report', 'rows-csv', 'rows-jsonl'],
];
