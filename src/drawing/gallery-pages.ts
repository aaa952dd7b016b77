import {isSampleError} from '../errors.js';
import type {LossMap} from '../losses/pixel-map.js';
import {classColours} from '../pictures/class-colours.js';
import {heatPicture} from '../pictures/heat-picture.js';
import {type HeatScale, HeatScaler} from '../pictures/heat-scale.js';
import {PictureAlbum} from '../pictures/picture-album.js';
import {samplePictures} from '../pictures/sample-pictures.js';
import {type SmallMap, shrinkMap} from '../pictures/shrink-map.js';
import type {GalleryHeat, GalleryItem} from '../rows/gallery.js';
import {labelPairOf} from '../run/label-pair.js';
import {mappedLosses, pixelMapOf} from '../run/pixel-maps.js';
import type {ReloadedSamples} from '../run/reloaded-samples.js';
import {shownRasters} from '../run/shown-rasters.js';
import type {ShownSample} from '../run/shown-samples.js';
import type {Run} from '../run/start.js';

/** A loss's maps, and the scale that they share. */
interface LossPages {
  readonly id: string;
  readonly map: LossMap;
  readonly scaler: HeatScaler;
  readonly maps: Map<string, SmallMap>;
  scale: HeatScale | null;
}

/** The images of a gallery in the making: first of every sample, then the maps, whose scale all samples decide. */
export class GalleryPages {
  readonly album: PictureAlbum;
  private readonly losses: readonly LossPages[];
  private readonly keys: string[] = [];

  constructor(
    private readonly run: Run,
    private readonly samples: ReloadedSamples,
    private readonly size: {readonly side: number; readonly count: number},
  ) {
    this.album = new PictureAlbum(size.side);
    this.losses = mappedLosses(run.losses).map(({loss: {id}, map}) => {
      return {id, map, scaler: new HeatScaler(map.better, size.count), maps: new Map(), scale: null};
    });
  }

  /** The images of a sample. Throws what loading throws but SampleError, which is a problem of the samples. */
  async add(sample: ShownSample): Promise<void> {
    const {losses, classes, palette} = this.run;
    const pictures = await this.samples.unlessRefused(sample, async (decoded) => {
      return samplePictures(
        shownRasters(losses, decoded),
        labelPairOf(losses, classes, decoded),
        classColours(palette),
      );
    });
    if (pictures === null) return;
    this.keys.push(sample.key);
    for (const [name, picture] of Object.entries(pictures)) await this.album.add(sample.key, name, picture);
    await this.addMaps(sample);
  }

  /** After the last sample: its maps in colours, and those of all others. */
  async addHeat(): Promise<void> {
    for (const loss of this.losses) loss.scale = loss.scaler.scale();
    for (const key of this.keys) {
      for (const {id, map, maps, scale} of this.losses) {
        const made = maps.get(key);
        if (made && scale) await this.album.add(key, heatName(id), heatPicture(made, scale, map.better));
      }
    }
  }

  /** What the report shows of each sample, by key; `linked`: images are files of assets/. */
  items(linked: boolean): Record<string, GalleryItem> {
    const shown = this.keys.filter((key) => this.album.has(key));
    return Object.fromEntries(shown.map((key) => [key, this.item(key, linked)]));
  }

  private async addMaps(sample: ShownSample): Promise<void> {
    const decoded = await this.samples.decoded(sample);
    for (const mapped of mappedLosses(this.run.losses)) {
      const pages = this.losses.find(({id}) => id === mapped.loss.id) as LossPages;
      try {
        const map = await pixelMapOf(mapped, decoded);
        pages.scaler.add(map);
        pages.maps.set(sample.key, shrinkMap(map, this.size.side));
      } catch (error) {
        // A sample that a loss has no value for has no map of it either.
        if (!isSampleError(error)) throw error;
      }
    }
  }

  private item(key: string, linked: boolean): GalleryItem {
    const images = (['pred', 'target', 'difference', 'overlay'] as const).flatMap((name) => {
      const image = this.album.image(key, name, linked);
      return image ? [[name, image] as const] : [];
    });
    const heat = this.losses.flatMap(({id, map: {better, shows}, scale}) => {
      const image = this.album.image(key, heatName(id), linked);
      return image && scale ? [[id, {image, ...scale, better, shows} satisfies GalleryHeat] as const] : [];
    });
    return {key, images: Object.fromEntries(images), heat: Object.fromEntries(heat)};
  }
}

function heatName(id: string): string {
  return `heat ${id}`;
}
