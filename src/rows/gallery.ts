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
    /** Of masks: the target in dark greys, false positives vermilion, false negatives sky blue, other confusions purple. */
    readonly overlay?: GalleryImage;
  };
  /** By loss id; losses that have no value at a pixel are left out. */
  readonly heat: Readonly<Record<string, GalleryHeat>>;
}

/** What a colour stands for. */
export interface GalleryColour {
  readonly name: string;
  /** `#rrggbb`. */
  readonly colour: string;
}

/** A member of a tuple of embeddings. */
export interface GalleryMember {
  readonly role: 'anchor' | 'positive' | 'negative' | 'first' | 'second';
  readonly key: string;
  /** To the first member, as the loss takes it (−x·y of n-pair and info-nce, which have no other). */
  readonly distance?: number;
  /** Where the embeddings are of images. */
  readonly image?: GalleryImage;
}

/** A tuple that a loss finds hard. */
export interface GalleryTuple {
  /** In the order of the roles: an anchor comes first. */
  readonly members: readonly GalleryMember[];
  /** Of pairs: whether both are of one identity. */
  readonly same?: boolean;
  /** The loss of the tuple. */
  readonly value: number;
}

/** A sample whose value changed from a baseline. */
interface GalleryChange {
  /** Of `items`. */
  readonly key: string;
  readonly baseline: number;
  readonly candidate: number;
}

/** A sample in several runs: the sets of a series, or the two of a comparison. */
export interface GalleryRunsItem {
  readonly key: string;
  /** What they share. */
  readonly target?: GalleryImage;
  /** One for each run, in their order: its value, null where it has none, and its prediction. */
  readonly runs: readonly {readonly value: number | null; readonly pred?: GalleryImage}[];
}

/** Runs side by side: the sets of a series, or a baseline and a candidate. */
export interface GalleryRuns {
  readonly names: readonly string[];
  /**
   * By column (the loss's own, and `total`): the samples whose value differs most between the sets, those that differ most
   * first; of a comparison, those that worsened most.
   */
  readonly changed: Readonly<Record<string, readonly GalleryRunsItem[]>>;
  /** Of a comparison: those that improved most. */
  readonly improved?: Readonly<Record<string, readonly GalleryRunsItem[]>>;
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
  /** Of masks: what the colours of predictions and targets stand for, and those of overlays. */
  readonly classColours?: readonly GalleryColour[];
  readonly overlayColours?: readonly GalleryColour[];
  /** Of task embedding, by loss id: its hardest tuples, the hardest first. */
  readonly tuples?: Readonly<Record<string, readonly GalleryTuple[]>>;
  /** Of a run that is compared with a baseline, by column: what worsened most, the worst first. */
  readonly changed?: Readonly<Record<string, readonly GalleryChange[]>>;
}
