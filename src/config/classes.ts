import type {ClassName} from '../losses/contract.js';
import {ownPalette, PALETTES, type PaletteColour} from './palettes.js';

/** How a config names its classes: how many there are (ids from 0), or a name for each id. */
export type ClassesConfig = number | Readonly<Record<string, string>>;

/** How a config names its palette. */
export type PaletteConfig = keyof typeof PALETTES | Readonly<Record<string, string>>;

/** What decides whether a run is binary or multi-class. */
interface ClassesOfConfig {
  readonly classes: ClassesConfig | null;
  readonly palette: PaletteConfig | null;
}

/** The classes of a config by ascending id, from `classes` or else the palette; null when neither is set. */
function classNames({classes, palette}: ClassesOfConfig): ClassName[] | null {
  if (typeof classes === 'number') return Array.from({length: classes}, (_, id) => ({id, name: String(id)}));
  if (classes !== null) {
    return Object.entries(classes)
      .map(([id, name]) => ({id: Number(id), name}))
      .sort((a, b) => a.id - b.id);
  }
  return palette === null ? null : paletteColours(palette).flatMap(({id, name}) => (name === null ? [] : [{id, name}]));
}

/** The colours of a config's palette. */
function paletteColours(palette: PaletteConfig): readonly PaletteColour[] {
  return typeof palette === 'string' ? PALETTES[palette] : ownPalette(palette);
}

/** Classes and palette as lists: null where the config leaves them open. */
export function maskClasses(config: ClassesOfConfig): {
  readonly classes: readonly ClassName[] | null;
  readonly palette: readonly PaletteColour[] | null;
} {
  return {classes: classNames(config), palette: config.palette === null ? null : paletteColours(config.palette)};
}
