import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {NetworkDefinition, NetworkNode, NetworkOperation} from '../../src/networks/graph.js';
import {validAt} from '../../src/networks/receptive-field.js';
import {layerShape} from '../../src/networks/shapes.js';
import {squeezenet1_0} from '../../src/networks/squeezenet.js';
import {vgg16} from '../../src/networks/vgg.js';

/** The pixels along one side that position `i` of a node depends on, followed back one window after another. */
function dependsOn(nodes: readonly NetworkNode[], name: string, i: number, side: number, sides: Sides): Set<number> {
  if (name === 'image') return new Set([i]);
  const {inputs, operation} = nodes.find((node) => node.name === name) as NetworkNode;
  const dependencies = inputs.flatMap((input) =>
    windowAt(operation, i, sides(input)).flatMap((j) => [...memo(nodes, input, j, side, sides)]),
  );
  return new Set(dependencies);
}

/** The values that position `i` of an operation reads, of `length`. */
function windowAt(operation: NetworkOperation, i: number, length: number): number[] {
  if (!('kernel' in operation)) return [i];
  const start = i * operation.stride - ('padding' in operation ? operation.padding : 0);
  return Array.from({length: operation.kernel}, (_, j) => start + j).filter((j) => j >= 0 && j < length);
}

type Sides = (name: string) => number;

const known = new Map<string, Set<number>>();

function memo(nodes: readonly NetworkNode[], name: string, i: number, side: number, sides: Sides): Set<number> {
  const key = `${nodes.length} ${name} ${i} ${side}`;
  const found = known.get(key) ?? dependsOn(nodes, name, i, side, sides);
  known.set(key, found);
  return found;
}

function bruteForce(network: NetworkDefinition, layer: string, valid: Uint8Array, height: number, width: number) {
  const shape = layerShape(network, layer, height, width);
  const sides = (side: number) => (name: string) =>
    name === 'image' ? side : layerShape(network, name, side, side).height;
  const of = (i: number, side: number) => [...memo(network.nodes, layer, i, side, sides(side))];
  const out = new Uint8Array(shape.height * shape.width);
  for (let y = 0; y < shape.height; y++) {
    for (let x = 0; x < shape.width; x++) {
      const rows = of(y, height);
      const columns = of(x, width);
      out[y * shape.width + x] = rows.every((row) => columns.every((column) => valid[row * width + column] === 1))
        ? 1
        : 0;
    }
  }
  return out;
}

const CASES: readonly (readonly [NetworkDefinition, readonly string[], number])[] = [
  [squeezenet1_0, ['relu_conv1', 'pool1', 'fire2', 'fire3', 'fire5'], 20],
  [squeezenet1_0, ['fire9'], 45],
  [vgg16, ['relu1_1', 'relu1_2', 'pool1', 'relu2_2', 'relu3_1'], 4],
];

describe('valid positions of a layer', () => {
  test('are those whose receptive field has no ignored pixel', () => {
    const layers = CASES.flatMap(([network, names, least]) => names.map((layer) => ({network, layer, least})));
    const sizes = fc.record({
      one: fc.constantFrom(...layers),
      moreHeight: fc.nat(30),
      moreWidth: fc.nat(30),
      ignored: fc.array(
        fc.record({y: fc.double({noNaN: true, min: 0, max: 1}), x: fc.double({noNaN: true, min: 0, max: 1})}),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
    });
    fc.assert(
      fc.property(sizes, ({one: {network, layer, least}, moreHeight, moreWidth, ignored}) => {
        const height = least + moreHeight;
        const width = least + moreWidth;
        const valid = new Uint8Array(height * width).fill(1);
        for (const {y, x} of ignored) {
          valid[Math.min(height - 1, Math.floor(y * height)) * width + Math.min(width - 1, Math.floor(x * width))] = 0;
        }
        expect(validAt(network.nodes, layer, valid, height, width)).toEqual(
          bruteForce(network, layer, valid, height, width),
        );
      }),
      {numRuns: 150},
    );
  });

  test('all are valid where no pixel is ignored, none where all are', () => {
    const {height, width} = layerShape(squeezenet1_0, 'fire2', 40, 33);
    const all = validAt(squeezenet1_0.nodes, 'fire2', new Uint8Array(40 * 33).fill(1), 40, 33);
    expect(all).toEqual(new Uint8Array(height * width).fill(1));
    const none = validAt(squeezenet1_0.nodes, 'fire2', new Uint8Array(40 * 33), 40, 33);
    expect(none).toEqual(new Uint8Array(height * width));
  });

  test('the corner pixel reaches as far as the paddings and strides carry it', () => {
    const valid = new Uint8Array(16 * 16).fill(1);
    valid[0] = 0;
    const reached = validAt(vgg16.nodes, 'relu1_2', valid, 16, 16).filter((value) => value === 0).length;
    // Two 3×3 convolutions: two pixels to each side, those inside the image.
    expect(reached).toBe(9);
  });

  test('a name that is no layer is a mistake of the caller', () => {
    expect(() => validAt(vgg16.nodes, 'fire2', new Uint8Array(4).fill(1), 2, 2)).toThrow(RangeError);
  });
});
