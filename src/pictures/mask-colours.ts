import type {ClassName} from '../losses/contract.js';
import type {GalleryColour} from '../rows/gallery.js';
import {IGNORED_COLOUR, isNamedBackground, OVERLAY_COLOURS} from './mask-picture.js';

const IGNORED = named('ignored', IGNORED_COLOUR);

/** What the colours of `maskPicture` stand for; `classes` are null of a binary run. */
export function maskColours(classes: readonly ClassName[] | null, colourOf: (id: number) => number): GalleryColour[] {
  const own = classes?.map(({id, name}) => named(name, colourOf(id)));
  return [...(own ?? [named('foreground', 0xffffff), named('background', 0x000000)]), IGNORED];
}

/** What the colours of `overlayPicture` stand for, beside those of the target. */
export function overlayColours(classes: readonly ClassName[] | null): GalleryColour[] {
  const {falsePositive, falseNegative, otherClass} = OVERLAY_COLOURS;
  const mistakes = [named('false positive', falsePositive), named('false negative', falseNegative)];
  const hasBackground = classes?.some(isNamedBackground) ?? true;
  return [...(hasBackground ? mistakes : []), ...(classes ? [named('another class', otherClass)] : []), IGNORED];
}

function named(name: string, colour: number): GalleryColour {
  return {name, colour: `#${colour.toString(16).padStart(6, '0')}`};
}
