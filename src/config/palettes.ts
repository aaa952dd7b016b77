/** A colour of a colour-coded mask: 0xrrggbb, and the class it stands for. */
export interface PaletteColour {
  readonly colour: number;
  readonly id: number;
  /** Null for a colour that stands for no class, such as void: its id is left out by `ignore_index`. */
  readonly name: string | null;
}

/** The id of what no class is, in both benchmarks. */
const VOID = 255;

const VOC_NAMES = [
  'background',
  'aeroplane',
  'bicycle',
  'bird',
  'boat',
  'bottle',
  'bus',
  'car',
  'cat',
  'chair',
  'cow',
  'diningtable',
  'dog',
  'horse',
  'motorbike',
  'person',
  'pottedplant',
  'sheep',
  'sofa',
  'train',
  'tvmonitor',
];

/** The 19 training classes of Cityscapes in the order of their training ids. */
const CITYSCAPES: readonly (readonly [name: string, colour: number])[] = [
  ['road', 0x804080],
  ['sidewalk', 0xf423e8],
  ['building', 0x464646],
  ['wall', 0x66669c],
  ['fence', 0xbe9999],
  ['pole', 0x999999],
  ['traffic light', 0xfaaa1e],
  ['traffic sign', 0xdcdc00],
  ['vegetation', 0x6b8e23],
  ['terrain', 0x98fb98],
  ['sky', 0x4682b4],
  ['person', 0xdc143c],
  ['rider', 0xff0000],
  ['car', 0x00008e],
  ['truck', 0x000046],
  ['bus', 0x003c64],
  ['train', 0x005064],
  ['motorcycle', 0x0000e6],
  ['bicycle', 0x770b20],
];

/**
 * The labels of Cityscapes that are evaluated as none of them: unlabeled and static, dynamic, ground, parking, rail track,
 * guard rail, bridge, tunnel, caravan, trailer. Poles in groups and licence plates have the colours of pole and car.
 */
const CITYSCAPES_VOID = [
  0x000000, 0x6f4a00, 0x510051, 0xfaaaa0, 0xe6968c, 0xb4a5b4, 0x966464, 0x96785a, 0x00005a, 0x00006e,
];

/**
 * Colours of the published benchmarks. `voc`: PASCAL VOC's 21 classes and its void border (255). `cityscapes`: the 19
 * training classes by training id, the other labels' colours as void (255).
 */
export const PALETTES: Readonly<Record<'voc' | 'cityscapes', readonly PaletteColour[]>> = {
  voc: [
    ...VOC_NAMES.map((name, id) => ({colour: vocColour(id), id, name})),
    {colour: vocColour(VOID), id: VOID, name: null},
  ],
  cityscapes: [
    ...CITYSCAPES.map(([name, colour], id) => ({colour, id, name})),
    ...CITYSCAPES_VOID.map((colour) => ({colour, id: VOID, name: null})),
  ],
};

/** VOC's colour map: the bits of the id, three at a time, fill the channels from the top bit down. */
function vocColour(id: number): number {
  let [red, green, blue] = [0, 0, 0];
  for (let bit = 7, rest = id; rest > 0; bit--, rest >>= 3) {
    red |= (rest & 1) << bit;
    green |= ((rest >> 1) & 1) << bit;
    blue |= ((rest >> 2) & 1) << bit;
  }
  return (red << 16) | (green << 8) | blue;
}

/** Colours of a config's own palette, `{name: '#rrggbb'}`: ids count from 0 in the order written. */
export function ownPalette(colours: Readonly<Record<string, string>>): PaletteColour[] {
  return Object.entries(colours).map(([name, hex], id) => ({name, id, colour: Number.parseInt(hex.slice(1), 16)}));
}
