/** An image of a page. */
export interface GalleryImage {
  /** `data:image/webp;base64,…`, or a relative link to a file under the report's `assets/`. */
  readonly href: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** A map of a loss over an image, in colours. */
export interface GalleryHeat {
  readonly image: GalleryImage;
  /** The loss at the low and at the high end of the colours; the same for all maps of a loss. */
  readonly low: number;
  readonly high: number;
  readonly better: 'lower' | 'higher';
}

/** The pictures of one sample. Those of a sample have one size, since they are laid over each other. */
export interface GalleryItem {
  readonly key: string;
  readonly images: {
    readonly pred?: GalleryImage;
    readonly target?: GalleryImage;
    readonly difference?: GalleryImage;
    /** Of masks: false positives and negatives. */
    readonly overlay?: GalleryImage;
  };
  /** By id of the loss. */
  readonly heat: Readonly<Record<string, GalleryHeat>>;
}

/** A pair or triplet of embeddings and why it is hard. */
export interface GalleryTuple {
  /** The key of its row. */
  readonly key: string;
  /** The loss of the tuple; null where it is undefined. */
  readonly value: number | null;
  /** In the order of the tuple: `anchor`, `positive`, `negative`, or `first`, `second`. */
  readonly members: readonly {
    readonly role: string;
    /** The key of the embedding. */
    readonly name: string;
    readonly label?: string;
    readonly image?: GalleryImage;
  }[];
  /** Between two members, by their roles; `similarity` tells that larger is nearer. */
  readonly distances: readonly {
    readonly between: readonly [string, string];
    readonly value: number;
    readonly measure: string;
  }[];
}

/** A sample in several runs, side by side: of a series its sets, of a comparison the baseline and the candidate. */
export interface GalleryRunPair {
  readonly key: string;
  readonly target?: GalleryImage;
  /** One for each run, in the order of `GalleryRuns.names`. */
  readonly runs: readonly {
    readonly value: number | null;
    readonly pred?: GalleryImage;
    readonly heat?: GalleryHeat;
  }[];
}

/** The pairs that changed most between runs. */
interface GalleryRuns {
  readonly names: readonly string[];
  /** By column, the pair that changed most first. */
  readonly changed: Readonly<Record<string, readonly GalleryRunPair[]>>;
}

/** The pictures of a page. */
export interface Gallery {
  /** By key. */
  readonly items: Readonly<Record<string, GalleryItem>>;
  /** Keys by column, the worst first. */
  readonly worst: Readonly<Record<string, readonly string[]>>;
  /** Keys by column, the best first. */
  readonly best: Readonly<Record<string, readonly string[]>>;
  /** Colours (#rrggbb) of the legend of heat maps, low to high. */
  readonly colourMap: readonly string[];
  /** What the colours of masks stand for: classes, and in overlays `false positive` and the like, with #rrggbb. */
  readonly classColours?: readonly {readonly name: string; readonly colour: string}[];
  /** The hardest tuples by column, the hardest first. */
  readonly tuples?: Readonly<Record<string, readonly GalleryTuple[]>>;
  readonly runs?: GalleryRuns;
}
