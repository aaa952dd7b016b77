import {UsageError} from '../errors.js';
import type {NetworkDefinition, NetworkNode, NetworkOperation} from './graph.js';
import {type FeatureShape, nodeShapes} from './shapes.js';

/** Side of the window: `numpy.hanning(5)` without its zeros at the ends. */
const HANN = [0.5, 1, 0.5];

/** Added under the root, so that it has a slope at 0. */
export const L2_EPSILON = 1e-12;

/** The weights of a window, row-major, of sum 1: the outer product of Hann windows. */
export function l2Window(): Float32Array {
  const total = HANN.reduce((sum, value) => sum + value);
  return Float32Array.from(HANN.flatMap((row) => HANN.map((column) => (row * column) / total ** 2)));
}

/**
 * A network with l2 pooling in place of its 2×2 pools of stride 2: over 3×3 by steps of 2, from one zero outside the
 * image on, so that an odd side of 2n + 1 becomes n + 1.
 *
 * Source: Ding, Ma, Wang and Simoncelli, Image quality assessment: unifying structure and texture similarity, TPAMI
 * 2020, section 3 (after Hénaff and Simoncelli, ICLR 2016), with the window and the epsilon of its authors' release.
 * Throws UsageError for a network with other pools.
 */
export function l2Pooled({id, nodes}: Pick<NetworkDefinition, 'id' | 'nodes'>): NetworkNode[] {
  const shapes = nodeShapes(nodes, 1, 1);
  return nodes.map((node) => {
    const {operation} = node;
    if (operation.type !== 'pool') return node;
    if (operation.kernel !== 2 || operation.stride !== 2) {
      throw new UsageError(
        'CVL-N011',
        `network ${id}: pooling l2 takes the place of 2×2 pools, and its ${node.name} is ${operation.kernel}×${operation.kernel}; vgg16 and vgg19 have such`,
      );
    }
    const {channels} = shapes.get(node.inputs[0] as string) as FeatureShape;
    const pooled: NetworkOperation = {type: 'l2-pool', channels, kernel: HANN.length, stride: 2, padding: 1};
    return {...node, operation: pooled};
  });
}
