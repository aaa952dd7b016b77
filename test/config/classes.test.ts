import {describe, expect, test} from 'vitest';
import {maskClasses} from '../../src/config/classes.js';
import {PALETTES} from '../../src/config/palettes.js';
import {resolveConfig} from '../../src/config/resolve.js';
import {bothInputs, mistakeOf, resolveText} from './resolving.js';

const listed = async (text: string) => maskClasses(await resolveText(text));

describe('the classes of a config', () => {
  test('none: a binary run', async () => {
    expect(await listed('task: mask')).toEqual({classes: null, palette: null});
  });

  test('a count: ids from 0, named by themselves', async () => {
    const {classes, palette} = await listed('classes: 3\nlosses: [iou]');
    expect(palette).toBeNull();
    expect(classes).toEqual([
      {id: 0, name: '0'},
      {id: 1, name: '1'},
      {id: 2, name: '2'},
    ]);
  });

  test('names by id: in the order of ids, whatever the order written', async () => {
    const {classes} = await listed('classes: {11: sky, 7: road, 300: car}\nlosses: [iou]');
    expect(classes).toEqual([
      {id: 7, name: 'road'},
      {id: 11, name: 'sky'},
      {id: 300, name: 'car'},
    ]);
  });

  test('a palette of one’s own: ids count from 0 in the order written', async () => {
    const {classes, palette} = await listed("palette: {sky: '#4682B4', road: '#804080'}\nlosses: [iou]");
    expect(classes).toEqual([
      {id: 0, name: 'sky'},
      {id: 1, name: 'road'},
    ]);
    expect(palette?.map(({colour, id}) => [colour, id])).toEqual([
      [0x4682b4, 0],
      [0x804080, 1],
    ]);
  });

  test('a benchmark’s palette: its classes, void apart', async () => {
    const {classes, palette} = await listed('palette: voc\nlosses: [iou]');
    expect(classes).toHaveLength(21);
    expect(classes?.[0]).toEqual({id: 0, name: 'background'});
    expect(classes?.at(-1)).toEqual({id: 20, name: 'tvmonitor'});
    expect(palette?.at(-1)).toEqual({colour: 0xe0e0c0, id: 255, name: null});
  });

  test('a flag or a setting names them as well', async () => {
    const config = await resolveConfig({
      cwd: '/data',
      flags: {...bothInputs, task: 'mask'},
      set: ['classes={0: sky, 1: road}'],
    });
    expect(maskClasses(config).classes?.map(({name}) => name)).toEqual(['sky', 'road']);
    expect(config.losses.map(({id}) => id)).toEqual(['dice', 'iou']);
  });
});

describe('the losses of masks where none are named', () => {
  test.each([
    ['task: mask', ['dice', 'iou', 'cross-entropy']],
    ['task: mask\nclasses: 3', ['dice', 'iou']],
    ['task: mask\npalette: cityscapes', ['dice', 'iou']],
    ['task: mask\nclasses: 3\nlosses: [iou]', ['iou']],
    ['classes: 3', ['dice', 'iou']],
    ['palette: voc', ['dice', 'iou']],
    ['task: photo\nclasses: 3', ['mse', 'mae', 'psnr', 'ssim']],
  ])('%j', async (text, ids) => {
    const {task, losses} = await resolveText(text);
    expect(losses.map(({id}) => id)).toEqual(ids);
    expect(task).toBe(ids.includes('mse') ? 'photo' : 'mask');
  });
});

describe('the request as one for masks, where nothing says what the data are', () => {
  test.each([
    ['{}', true],
    ['batch_size: 2', true],
    ['task: photo', false],
    ['task: mask', false],
    ['losses: [mse]', false],
    ['classes: 3', false],
  ])('%j', async (text, open) => {
    const {forMasks} = await resolveText(text);
    expect(forMasks !== null).toBe(open);
    if (!forMasks) return;
    const config = await forMasks();
    expect(config).toMatchObject({
      task: 'mask',
      forMasks: null,
      losses: [{id: 'dice'}, {id: 'iou'}, {id: 'cross-entropy'}],
    });
  });

  test('settings and flags hold for it too; a setting for a loss means the losses that were there', async () => {
    const {forMasks} = await resolveText('batch_size: 2', {
      set: ['device=cpu'],
      flags: {...bothInputs, allow_missing: true},
    });
    expect(await forMasks?.()).toMatchObject({task: 'mask', batch_size: 2, device: 'cpu', allow_missing: true});
    expect((await resolveText('{}', {set: ['losses.ssim.color=luma8']})).forMasks).toBeNull();
    expect((await resolveText('{}', {set: ['task=photo']})).forMasks).toBeNull();
  });
});

const IDS = 'expected ids from 0 as keys, with names as values';

describe('what is refused', () => {
  test.each([
    ['classes: 2\npalette: voc', '1:10: the palette names the classes already, expected one of classes and palette'],
    ['classes: 1', '1:10: classes: expected a number of at least 2, got 1'],
    ['classes: 2.5', '1:10: classes: expected an integer or a map, got 2.5'],
    ['classes: [road, sky]', "1:10: classes: expected a finite number or a map, got ['road', 'sky']"],
    ['classes: {road: 0, sky: 1}', `1:11: classes: ${IDS}, got 'road'`],
    ['classes: {-1: road, 2: sky}', `1:11: classes: ${IDS}, got '-1'`],
    ['classes: {1.5: road, 2: sky}', `1:11: classes: ${IDS}, got '1.5'`],
    ["classes: {0: '', 1: sky}", "1:14: classes.0: expected text that is not empty, got ''"],
    ['classes: {0: road, 1: road}', "1:20: classes: '0' and '1' have the name 'road' both"],
    ['classes: {1: road, 01: sky}', "1:20: classes: '1' and '01' have the id 1 both"],
    ['classes: {0: road}', '1:10: classes: expected two classes or more, got 1'],
    ['classes: {}', '1:10: classes: expected two classes or more, got 0'],
    ["palette: {road: '#804080', sky: '#804080'}", "1:28: palette: 'road' and 'sky' have the colour '#804080' both"],
    ["palette: {road: '#80408a', sky: '#80408A'}", "1:28: palette: 'road' and 'sky' have the colour '#80408a' both"],
    ["palette: {road: '#804080'}", '1:10: palette: expected two classes or more, got 1'],
    [
      "palette: {road: '#804080', sky: blue}",
      "1:33: palette.sky: expected a colour such as '#804080' (in quotes), got 'blue'",
    ],
    [
      "palette: {0: '#000000', 1: '#804080'}",
      "1:11: palette: expected names as keys, ids count from 0 in the order written, got '0'",
    ],
    [
      'palette: vocs',
      "1:10: palette: expected voc, cityscapes, or colours by name such as {road: '#804080'} (in quotes), got 'vocs'; did you mean 'voc'?",
    ],
  ])('%j', async (text, expected) => {
    const message = await mistakeOf(`${text}\nlosses: [iou]`);
    expect(message.split('\n')[0]).toBe(`<stdin>:${expected}`);
  });
});

// The table of labels in cityscapesScripts (helpers/labels.py): name, training id and colour of each class that is
// evaluated, then the colours of the labels whose training id is 255 (polegroup apart, which has the colour of pole).
const CITYSCAPES_LABELS = [
  ['road', 0, [128, 64, 128]],
  ['sidewalk', 1, [244, 35, 232]],
  ['building', 2, [70, 70, 70]],
  ['wall', 3, [102, 102, 156]],
  ['fence', 4, [190, 153, 153]],
  ['pole', 5, [153, 153, 153]],
  ['traffic light', 6, [250, 170, 30]],
  ['traffic sign', 7, [220, 220, 0]],
  ['vegetation', 8, [107, 142, 35]],
  ['terrain', 9, [152, 251, 152]],
  ['sky', 10, [70, 130, 180]],
  ['person', 11, [220, 20, 60]],
  ['rider', 12, [255, 0, 0]],
  ['car', 13, [0, 0, 142]],
  ['truck', 14, [0, 0, 70]],
  ['bus', 15, [0, 60, 100]],
  ['train', 16, [0, 80, 100]],
  ['motorcycle', 17, [0, 0, 230]],
  ['bicycle', 18, [119, 11, 32]],
] as const;

const CITYSCAPES_VOID = [
  [0, 0, 0],
  [111, 74, 0],
  [81, 0, 81],
  [250, 170, 160],
  [230, 150, 140],
  [180, 165, 180],
  [150, 100, 100],
  [150, 120, 90],
  [0, 0, 90],
  [0, 0, 110],
] as const;

// The colours of PASCAL VOC as its development kit lists them, ids 0 to 20 and the void border.
const VOC_COLOURS = [
  ['background', [0, 0, 0]],
  ['aeroplane', [128, 0, 0]],
  ['bicycle', [0, 128, 0]],
  ['bird', [128, 128, 0]],
  ['boat', [0, 0, 128]],
  ['bottle', [128, 0, 128]],
  ['bus', [0, 128, 128]],
  ['car', [128, 128, 128]],
  ['cat', [64, 0, 0]],
  ['chair', [192, 0, 0]],
  ['cow', [64, 128, 0]],
  ['diningtable', [192, 128, 0]],
  ['dog', [64, 0, 128]],
  ['horse', [192, 0, 128]],
  ['motorbike', [64, 128, 128]],
  ['person', [192, 128, 128]],
  ['pottedplant', [0, 64, 0]],
  ['sheep', [128, 64, 0]],
  ['sofa', [0, 192, 0]],
  ['train', [128, 192, 0]],
  ['tvmonitor', [0, 64, 128]],
] as const;

const packed = ([red, green, blue]: readonly [number, number, number]) => red * 65_536 + green * 256 + blue;

describe('the palettes of the benchmarks', () => {
  test('PASCAL VOC', () => {
    expect(PALETTES.voc).toEqual([
      ...VOC_COLOURS.map(([name, colour], id) => ({name, id, colour: packed(colour)})),
      {name: null, id: 255, colour: packed([224, 224, 192])},
    ]);
  });

  test('Cityscapes', () => {
    expect(PALETTES.cityscapes).toEqual([
      ...CITYSCAPES_LABELS.map(([name, id, colour]) => ({name, id, colour: packed(colour)})),
      ...CITYSCAPES_VOID.map((colour) => ({name: null, id: 255, colour: packed(colour)})),
    ]);
    expect(new Set(PALETTES.cityscapes.map(({colour}) => colour)).size).toBe(PALETTES.cityscapes.length);
  });
});
