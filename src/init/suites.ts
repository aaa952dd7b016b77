import {stringify} from 'yaml';
import type {LossInput} from '../config/resolve.js';
import {losses} from '../losses/registry.js';
import type {Content} from './content.js';

/** A loss of the config that is written. */
interface Suggestion {
  readonly entry: LossInput;
  /** Whether it is computed, or written as an option that is not taken. */
  readonly active: boolean;
  /** In place of the loss's own summary. */
  readonly note?: string;
}

/** Sides of an image that SSIM's window and the five scales of MS-SSIM need. */
const SSIM_SIDE = 11;
const MS_SSIM_SIDE = 161;

/** The losses for what a dataset holds, a line each. `side`: the shortest side of any image. */
export function lossLines(content: Content, side: number): string[] {
  return known(suite(content, side)).map(({entry, active, note}) => {
    const text = typeof entry === 'string' ? entry : stringify(entry, {collectionStyle: 'flow', lineWidth: 0}).trim();
    return `  ${active ? '' : '#'}- ${text} # ${note ?? summary(entry)}`;
  });
}

function summary(entry: LossInput): string {
  const type = typeOf(entry);
  return losses.find(({id}) => id === type)?.summary ?? type;
}

function suite(content: Content, side: number): Suggestion[] {
  switch (content.kind) {
    case 'photos':
      return photos(content.range, side);
    case 'scores':
      return scores(content.input, content.classes);
    case 'masks':
      return masks();
    case 'labels':
      return labels();
  }
}

/** Those whose loss there is; differences where none of them is. */
function known(suggestions: readonly Suggestion[]): readonly Suggestion[] {
  const found = suggestions.filter(({entry}) => losses.some(({id}) => id === typeOf(entry)));
  return found.some(({active}) => active) ? found : [{entry: 'mae', active: true}, ...found];
}

function typeOf(entry: LossInput): string {
  return typeof entry === 'string' ? entry : entry.type;
}

function photos(range: readonly [number, number] | null, side: number): Suggestion[] {
  const entry = (type: string): LossInput => (range ? {type, range: [...range]} : type);
  const border = {color: 'ycbcr-y', crop_border: 4};
  return [
    ...['mse', 'mae', 'psnr'].map((type) => ({entry: entry(type), active: true})),
    {entry: entry('ssim'), active: side >= SSIM_SIDE},
    {entry: entry('gmsd'), active: false},
    ...(side >= MS_SSIM_SIDE ? [{entry: entry('ms-ssim'), active: false}] : []),
    {
      entry: {type: 'psnr', id: 'psnr-y', ...border, ...(range ? {range: [...range]} : {})},
      active: false,
      note: 'super-resolution: luma alone, without a border as wide as the scale factor',
    },
  ];
}

function scores(input: 'probabilities' | 'logits', classes: number): Suggestion[] {
  const alpha = classes === 2 ? {alpha: 0.25} : {};
  return [
    {entry: {type: 'cross-entropy', input}, active: true},
    {entry: {type: 'focal', input}, active: true},
    {entry: {type: 'weighted-cross-entropy', input, class_weights: 'balanced'}, active: true},
    {entry: 'dice', active: false},
    {entry: 'iou', active: false},
    {
      entry: {type: 'focal', id: 'focal-sharp', input, gamma: 5, ...alpha},
      active: false,
      note: 'well-classified pixels fade faster',
    },
    {
      entry: {type: 'weighted-cross-entropy', id: 'borders', input, border: {w0: 10, sigma: 5}},
      active: false,
      note: 'pixels between near instances weigh more (U-Net)',
    },
  ];
}

/** Losses that know 1 and 255 as the same foreground; a pixel difference would not. */
function masks(): Suggestion[] {
  return [
    {entry: 'dice', active: true},
    {entry: 'iou', active: true},
    {entry: {type: 'cross-entropy', input: 'probabilities'}, active: false, note: 'each wrong pixel counts 16.1'},
  ];
}

function labels(): Suggestion[] {
  return ['dice', 'iou'].map((type) => ({entry: type, active: true}));
}
