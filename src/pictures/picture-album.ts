import type {GalleryImage} from '../rows/gallery.js';
import {smallerThumbnail, type Thumbnail, thumbnailOf} from './encode-picture.js';
import type {Picture} from './picture.js';

/** What was done to make an album small enough. */
export interface Fitted {
  /** The longer side that images have at most. */
  readonly side: number;
  /** Samples whose images were left out. */
  readonly dropped: number;
}

/** The small images of samples, by key and name, in the order in which samples were added. */
export class PictureAlbum {
  private readonly pages = new Map<string, Map<string, Thumbnail>>();

  constructor(private side: number) {}

  async add(key: string, name: string, picture: Picture): Promise<void> {
    const page = this.pages.get(key) ?? new Map<string, Thumbnail>();
    this.pages.set(key, page);
    page.set(name, await thumbnailOf(picture, this.side));
  }

  has(key: string): boolean {
    return this.pages.has(key);
  }

  /** Bytes of all images. */
  get bytes(): number {
    return this.all().reduce((sum, {bytes}) => sum + bytes.length, 0);
  }

  /** Makes images smaller, side by side of `sides` (falling), and then drops the last samples, until all are within `maxBytes`. */
  async fit(maxBytes: number, sides: readonly number[]): Promise<Fitted> {
    for (const side of sides.filter((smaller) => smaller < this.side)) {
      if (this.bytes <= maxBytes) break;
      this.side = side;
      for (const page of this.pages.values())
        for (const [name, one] of page) page.set(name, await smallerThumbnail(one, side));
    }
    let dropped = 0;
    for (const key of [...this.pages.keys()].reverse()) {
      if (this.bytes <= maxBytes) break;
      this.pages.delete(key);
      dropped++;
    }
    return {side: this.side, dropped};
  }

  /** An image as a page shows it: a data URL, or the address of its file (`linked`); null where there is none. */
  image(key: string, name: string, linked: boolean): GalleryImage | null {
    const one = this.pages.get(key)?.get(name);
    if (!one) return null;
    const {width, height, bytes} = one;
    const href = linked ? `assets/${this.fileOf(key, name)}` : `data:image/webp;base64,${bytes.toString('base64')}`;
    return {href, width, height};
  }

  /** The files of all images, with names of numbers and words alone whatever the keys are. */
  files(): {readonly file: string; readonly bytes: Buffer}[] {
    return [...this.pages].flatMap(([key, page]) =>
      [...page].map(([name, {bytes}]) => ({file: this.fileOf(key, name), bytes})),
    );
  }

  private fileOf(key: string, name: string): string {
    const number = [...this.pages.keys()].indexOf(key) + 1;
    return `${String(number).padStart(4, '0')}-${name.replaceAll(' ', '-')}.webp`;
  }

  private all(): Thumbnail[] {
    return [...this.pages.values()].flatMap((page) => [...page.values()]);
  }
}
