import {ONNX, onnxModel} from './onnx-file.js';

const IMAGE = {name: 'image', element: ONNX.float, shape: ['n', 3, 8, 8]};
const OUT = {name: 'out', element: ONNX.float, shape: ['n', 3, 8, 8]};

/** An ONNX model with the outputs `out` and `other`. */
export const twoOutputs = onnxModel({
  nodes: [
    {operator: 'Relu', inputs: ['image'], outputs: ['out']},
    {operator: 'Neg', inputs: ['image'], outputs: ['other']},
  ],
  inputs: [IMAGE],
  outputs: [OUT, {...OUT, name: 'other'}],
});

/** One with an operator that there is not: `Blur`. */
export const unknownOperator = onnxModel({
  nodes: [{operator: 'Blur', inputs: ['image'], outputs: ['out']}],
  inputs: [IMAGE],
  outputs: [OUT],
});

/** One whose weights are in another file. */
export function external(location: string): Uint8Array {
  return onnxModel({
    nodes: [{operator: 'Add', inputs: ['image', 'shift'], outputs: ['out']}],
    inputs: [IMAGE],
    outputs: [OUT],
    constants: [{name: 'shift', element: ONNX.float, shape: [1], bytes: {location}}],
  });
}
