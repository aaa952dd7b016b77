import type {ClassName} from '../losses/contract.js';
import {type Picture, paint} from './picture.js';

/** Two label maps of a sample: by pixel the index of its class, negative where it is ignored. */
export interface LabelPair {
  readonly height: number;
  readonly width: number;
  readonly pred: ArrayLike<number>;
  readonly target: ArrayLike<number>;
  /** The class of each index; null of a binary run, whose index 1 is the foreground. */
  readonly classes: readonly ClassName[] | null;
}

/**
 * What an overlay shows, in colours that are told apart with any colour vision (Okabe and Ito 2008): what is predicted as a
 * class where the target has the background, what of the target is missed, and one class taken for another.
 */
export const OVERLAY_COLOURS = {falsePositive: 0xd55e00, falseNegative: 0x56b4e9, otherClass: 0xcc79a7} as const;

/** Of pixels that do not count. */
export const IGNORED_COLOUR = 0x808080;
const WHITE = 0xffffff;

/** The classes of a map in their colours; a binary mask in black and white, ignored pixels grey. */
export function maskPicture(pair: LabelPair, side: 'pred' | 'target', colourOf: (id: number) => number): Picture {
  const {classes, target} = pair;
  const labels = pair[side];
  return paint(pair, (pixel, out, at) => {
    const index = labels[pixel] as number;
    const isIgnored = (target[pixel] as number) < 0;
    write(isIgnored ? IGNORED_COLOUR : colourAt(classes, index, colourOf), out, at);
  });
}

/** The target, in dark greys, under the pixels that are predicted wrongly; see OVERLAY_COLOURS. */
export function overlayPicture(pair: LabelPair, colourOf: (id: number) => number): Picture {
  const {pred, target, classes} = pair;
  return paint(pair, (pixel, out, at) => {
    const [said, truth] = [pred[pixel] as number, target[pixel] as number];
    if (truth < 0) write(IGNORED_COLOUR, out, at);
    else if (said === truth) write(dimmed(colourAt(classes, truth, colourOf)), out, at);
    else write(mistake(isBackground(classes, said), isBackground(classes, truth)), out, at);
  });
}

function mistake(saidBackground: boolean, isBackgroundInTruth: boolean): number {
  if (isBackgroundInTruth) return OVERLAY_COLOURS.falsePositive;
  return saidBackground ? OVERLAY_COLOURS.falseNegative : OVERLAY_COLOURS.otherClass;
}

function colourAt(classes: LabelPair['classes'], index: number, colourOf: (id: number) => number): number {
  if (classes) return colourOf(idOf(classes, index));
  return index === 1 ? WHITE : 0;
}

function idOf(classes: readonly ClassName[], index: number): number {
  return classes[index]?.id ?? 0;
}

function isBackground(classes: LabelPair['classes'], index: number): boolean {
  return classes ? isNamedBackground(classes[index]) : index === 0;
}

/** Whether the classes have a background: number 0, where it has no name or this one. A road is none. */
export function isNamedBackground(named: ClassName | undefined): boolean {
  return named?.id === 0 && /^(0|background|bg)$/i.test(named.name);
}

/** A dark grey of the colour's lightness, darker than ignored pixels, so that mistakes alone have colours. */
function dimmed(colour: number): number {
  const lightness = 0.299 * (colour >> 16) + 0.587 * ((colour >> 8) & 255) + 0.114 * (colour & 255);
  return Math.round(16 + 0.3 * lightness) * 0x010101;
}

function write(colour: number, out: Uint8Array, at: number): void {
  out[at] = colour >> 16;
  out[at + 1] = (colour >> 8) & 255;
  out[at + 2] = colour & 255;
}
