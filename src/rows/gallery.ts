/** A small image of the report. */
export interface GalleryImage {
  /** A data URL, or the relative address of a file beside the report. */
  readonly href: string;
  /** Pixels of the small image. */
  readonly width: number;
  readonly height: number;
}

/** A loss over an image of the gallery. */
export interface GalleryHeat {
  readonly image: GalleryImage;
  /** What the ends of the colour map stand for, of all items of this loss: the best colour is `low` where lower is better. */
  readonly low: number;
  readonly high: number;
  readonly better: 'lower' | 'higher';
  /** What the values are: `squared error`. */
  readonly shows: string;
}

/** A sample of the gallery. */
export interface GalleryItem {
  readonly key: string;
  readonly images: {
    readonly pred?: GalleryImage;
    readonly target?: GalleryImage;
    /** Of photographs: √|pred − target| channel by channel. */
    readonly difference?: GalleryImage;
    /** Of masks: the target dimmed, false positives vermilion, false negatives sky blue, other confusions purple. */
    readonly overlay?: GalleryImage;
  };
  /** By loss id; losses that have no value at a pixel are left out. */
  readonly heat: Readonly<Record<string, GalleryHeat>>;
}

/** A member of a tuple of embeddings. */
export interface GalleryMember {
  readonly key: string;
  /** Where the embeddings are of images. */
  readonly image?: GalleryImage;
}

/** An anchor whose triplet a loss finds hard. */
export interface GalleryTuple {
  readonly anchor: GalleryMember;
  readonly positive: GalleryMember;
  readonly negative: GalleryMember;
  /** Of the anchor to the positive and to the negative, under the loss's `distance`. */
  readonly positiveDistance: number;
  readonly negativeDistance: number;
}

/** A sample in two runs, or in several sets of predictions. */
export interface GalleryChange {
  readonly key: string;
  /** In the order of the sets; null where a set has no value. */
  readonly values: readonly (number | null)[];
  /** Each set's prediction, and the target that they share. */
  readonly preds: readonly (GalleryImage | null)[];
  readonly target?: GalleryImage;
}

/** Runs side by side: the sets of a series, in their order. */
export interface GalleryRuns {
  readonly names: readonly string[];
  /** By column: the samples whose value differs most between the sets, the largest difference first. */
  readonly changes: Readonly<Record<string, readonly GalleryChange[]>>;
}

/** What the report shows of the samples themselves. */
export interface Gallery {
  /** By key. */
  readonly items: Readonly<Record<string, GalleryItem>>;
  /** By column (the loss's own, and `total`): keys of `items`, the worst first. */
  readonly worst: Readonly<Record<string, readonly string[]>>;
  /** The same, the best first. */
  readonly best: Readonly<Record<string, readonly string[]>>;
  /** `#rrggbb`, from the best value of a scale to the worst. */
  readonly colourMap: readonly string[];
  /** By loss id of task embedding: its hardest triplets, the hardest first. */
  readonly tuples?: Readonly<Record<string, readonly GalleryTuple[]>>;
  /** Of a series. */
  readonly runs?: GalleryRuns;
}
