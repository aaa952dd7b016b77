import {expect, test} from 'vitest';
import {PALETTES} from '../../src/config/palettes.js';
import {classColours} from '../../src/pictures/class-colours.js';
import {COLOUR_LEVELS, COLOUR_MAP} from '../../src/pictures/colour-map.js';

/** CIE lightness of a colour in linear light. */
function lightness([r, g, b]: readonly [number, number, number]): number {
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return y > (6 / 29) ** 3 ? 116 * Math.cbrt(y) - 16 : (y * 116) / (3 * (6 / 29) ** 2);
}

function linear(levels: readonly number[]): readonly [number, number, number] {
  const [r, g, b] = levels.map((level) => {
    const share = level / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return [r ?? 0, g ?? 0, b ?? 0];
}

/** How a person without red-sensitive cones sees a colour of linear light (Viénot, Brettel and Mollon 1999). */
function withoutRed([r, g, b]: readonly [number, number, number]): readonly [number, number, number] {
  const yellow = 0.11238 * r + 0.88762 * g;
  return [yellow, yellow, 0.00401 * r - 0.00401 * g + b];
}

const colours = Array.from({length: COLOUR_MAP.length}, (_, i) => [...COLOUR_LEVELS.subarray(3 * i, 3 * i + 3)]);

test('inferno: 256 colours whose lightness rises evenly from black to pale yellow', () => {
  expect(colours).toHaveLength(256);
  // The ends and the middle that matplotlib's own table has.
  expect([COLOUR_MAP[0], COLOUR_MAP[128], COLOUR_MAP[255]]).toStrictEqual(['#000004', '#bc3754', '#fcffa4']);
  const rise = colours.map((levels) => lightness(linear(levels)));
  for (let i = 16; i < 256; i += 16) {
    const step = (rise[i] as number) - (rise[i - 16] as number);
    expect(step).toBeGreaterThan(3);
    expect(step).toBeLessThan(9.5);
  }
});

test('without red-sensitive cones, colours far apart stay apart', () => {
  const seen = colours.map((levels) => lightness(withoutRed(linear(levels))));
  for (let i = 32; i < 256; i += 32) expect((seen[i] as number) - (seen[i - 32] as number)).toBeGreaterThan(5);
});

test('class colours are those of PASCAL VOC', () => {
  for (const {id, colour} of PALETTES.voc) expect(classColours(null)(id)).toBe(colour);
  expect(classColours(new Map([[0x112233, 7]]))(7)).toBe(0x112233);
});
