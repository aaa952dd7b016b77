import {relative, resolve, sep} from 'node:path';
import {UsageError} from '../errors.js';
import type {ImageOptions} from '../images/decode.js';
import type {EmbeddingSet, NamedTuples, ScoreSet, VectorDataset} from '../losses/dataset-contract.js';
import type {Model, ModelSpec} from '../models/model.js';
import type {ContentCache} from '../storage/content-cache.js';
import {readEmbeddings} from '../vectors/embeddings.js';
import {saveEmbeddings, saveScores} from '../vectors/save.js';
import {readScores} from '../vectors/scores.js';
import {type SourceFile, shown} from '../vectors/source-file.js';
import {readTuples} from '../vectors/tuples.js';
import type {FailedImage, ImageWatch} from './model-images.js';
import {embedImages, type ImageSet, type ModelledFile, type ModelledSet, scoreImages} from './modelled-sets.js';

/** Where the data of a run of whole sets are; paths are absolute. */
export interface VectorSources {
  readonly embeddings: {
    readonly file: string | null;
    /** `folder`: the folder of an item's key. */
    readonly labels: string | null;
    /** With a model, images, as `images` are. */
    readonly real: string | null;
    readonly fake: string | null;
    readonly images?: string | null;
    readonly model?: ModelSpec | null;
    /** Where the vectors of `images` are kept. */
    readonly save?: string | null;
  } | null;
  readonly scores: {
    readonly real: string;
    readonly fake: string;
    readonly input: 'logits' | 'probabilities';
    /** Makes `real` and `fake` images. */
    readonly model?: ModelSpec | null;
    /** The folder where the scores of images are kept. */
    readonly save?: string | null;
  } | null;
  /** How images for a model are decoded. */
  readonly image?: ImageOptions;
  /** The folder that messages name files from. */
  readonly cwd: string;
  /** For what a model makes of images; null keeps nothing. */
  readonly cache?: ContentCache | null;
  /** Called with a line where a model runs slower than it could. */
  readonly onNotice?: ((line: string) => void) | undefined;
  readonly watch?: ImageWatch | undefined;
}

/** A loss asks for data that the config does not give. */
export class MissingData extends UsageError {
  constructor(message: string) {
    super('CVL-C013', message);
  }
}

type Role = 'real' | 'fake';
type Embeddings = NonNullable<VectorSources['embeddings']>;
type Scores = NonNullable<VectorSources['scores']>;

/** What a run of whole sets reads. One object for all losses of a run, which keep what they share with it. */
export class VectorData implements VectorDataset {
  /** What the user gave, by role. */
  readonly roots: Record<string, string> = {};
  /** Of every file read, by role; manifests are `tuples.1`, `tuples.2`, … in the order in which losses ask for them. */
  readonly sha256: Record<string, string> = {};
  readonly scoreInput: 'logits' | 'probabilities';
  readonly #sets = new Map<Role | 'embeddings', EmbeddingSet>();
  readonly #scores = new Map<Role, ScoreSet>();
  readonly #tuples = new Map<string, Promise<NamedTuples>>();

  /** Images that a model could not be run on. */
  readonly failures: FailedImage[] = [];
  /** The images that `embeddings()` were made of, by key; none where they were read. */
  readonly images = new Map<string, ModelledFile>();
  /** Packages that ran models. */
  readonly versions: Record<string, string> = {};

  private constructor(
    private readonly sources: VectorSources,
    private readonly signal: AbortSignal,
  ) {
    this.scoreInput = sources.scores?.input ?? 'logits';
  }

  /** Reads the files. Throws UsageError for what is wrong with them, and the signal's reason when aborted. */
  static async read(sources: VectorSources, signal: AbortSignal): Promise<VectorData> {
    const data = new VectorData(sources, signal);
    const {embeddings, scores} = sources;
    if (embeddings?.model) await data.#withModel(embeddings.model, (model) => data.#embed(embeddings, model));
    else if (embeddings) await data.#readSets(embeddings);
    if (scores?.model) await data.#withModel(scores.model, (model) => data.#score(scores, model));
    else if (scores) {
      await data.#readScores('real', scores.real);
      await data.#readScores('fake', scores.fake);
    }
    return data;
  }

  /** Vectors or scores in all, those that a model could not make included. */
  get items(): number {
    const sets = [...this.#sets.values(), ...this.#scores.values()];
    return sets.reduce((sum, {keys}) => sum + keys.length, this.failures.length);
  }

  embeddings(): EmbeddingSet {
    const set = this.#sets.get('embeddings');
    if (set) return set;
    throw new MissingData('needs one set of vectors: give embeddings.file, or --embeddings FILE');
  }

  embeddingsOf(role: Role): EmbeddingSet {
    const set = this.#sets.get(role);
    if (set) return set;
    const remedy = 'give embeddings.real and embeddings.fake, or --task embedding --real FILE --fake FILE';
    throw new MissingData(`needs two sets of vectors: ${remedy}`);
  }

  scoresOf(role: Role): ScoreSet {
    const set = this.#scores.get(role);
    if (set) return set;
    throw new MissingData('needs scores: give scores.real and scores.fake, or --real FILE --fake FILE');
  }

  tuples(path: string): Promise<NamedTuples> {
    const known = this.#tuples.get(path) ?? this.#readTuples(path, `tuples.${this.#tuples.size + 1}`);
    this.#tuples.set(path, known);
    return known;
  }

  async #readSets({file, labels, real, fake}: Embeddings): Promise<void> {
    if (file !== null) await this.#readSet('embeddings', file, labels);
    if (real === null || fake === null) return;
    await this.#readSet('real', real, null);
    await this.#readSet('fake', fake, null);
    this.#checkDimensions(real, fake);
  }

  /** Opens a model for a step. */
  async #withModel(spec: ModelSpec, step: (model: Model) => Promise<void>): Promise<void> {
    const {openModel} = await import('../models/open.js');
    const model = await openModel(spec, {name: this.#file(spec.model).name, onNotice: this.sources.onNotice});
    try {
      this.roots.model = spec.model;
      this.sha256.model = model.sha256;
      Object.assign(this.versions, model.versions);
      await step(model);
    } finally {
      await model.close();
    }
  }

  async #embed({images = null, labels, real, fake, save = null}: Embeddings, model: Model): Promise<void> {
    if (images !== null) {
      const given = labels === null || labels === 'folder' ? labels : this.#file(labels);
      const embedded = await embedImages(model, this.#images('images', images), given, this.signal);
      this.#sets.set('embeddings', this.#taken(embedded, ''));
      for (const [key, file] of embedded.files) this.images.set(key, file);
      if (labels !== null && labels !== 'folder') this.roots.labels = labels;
      if (save !== null) await saveEmbeddings(save, embedded.set);
    }
    if (real === null || fake === null) return;
    for (const [role, path] of [
      ['real', real],
      ['fake', fake],
    ] as const) {
      const embedded = await embedImages(model, this.#images(role, path), null, this.signal);
      this.#sets.set(role, this.#taken(embedded, `${role}/`));
    }
  }

  async #score({real, fake, save = null}: Scores, model: Model): Promise<void> {
    for (const [role, path] of [
      ['real', real],
      ['fake', fake],
    ] as const) {
      const scored = await scoreImages(model, this.#images(role, path), this.signal);
      this.#scores.set(role, this.#taken(scored, `${role}/`));
    }
    if (save !== null) await saveScores(save, {real: this.scoresOf('real'), fake: this.scoresOf('fake')});
  }

  #images(role: string, path: string): ImageSet {
    const {image, cwd, watch, cache = null} = this.sources;
    if (image === undefined) throw new TypeError('a model needs to know how images are decoded');
    this.roots[role] = path;
    return {role, source: this.#file(path), image, cwd, watch, cache};
  }

  /** Takes over what a set was made of; its failures begin with the name of their rows. */
  #taken<Set>({set, failures, sha256}: ModelledSet<Set>, prefix: string): Set {
    this.failures.push(...failures.map((failure) => ({...failure, key: prefix + failure.key})));
    Object.assign(this.sha256, sha256);
    return set;
  }

  async #readSet(role: Role | 'embeddings', path: string, labels: string | null): Promise<void> {
    const given = labels === null || labels === 'folder' ? labels : this.#file(labels);
    const {set, sha256} = await readEmbeddings({file: this.#file(path), labels: given}, this.signal);
    this.#sets.set(role, set);
    this.roots[role] = path;
    this.sha256[role] = sha256.vectors;
    if (labels === null || sha256.labels === undefined) return;
    this.roots.labels = labels;
    this.sha256.labels = sha256.labels;
  }

  async #readScores(role: Role, path: string): Promise<void> {
    const {set, sha256} = await readScores(this.#file(path), this.scoreInput, this.signal);
    this.#scores.set(role, set);
    this.roots[role] = path;
    this.sha256[role] = sha256;
  }

  async #readTuples(path: string, role: string): Promise<NamedTuples> {
    const [first] = this.failures;
    try {
      const {tuples, sha256} = await readTuples(this.#file(path), this.embeddings(), this.signal);
      this.sha256[role] = sha256;
      return tuples;
    } catch (error) {
      if (!(error instanceof UsageError) || first === undefined) throw error;
      const failed = `${this.failures.length} of the images failed, the first: ${first.key}: ${first.message}`;
      throw new UsageError(error.code, `${error.message} (${failed})`, {cause: error});
    }
  }

  #checkDimensions(real: string, fake: string): void {
    const [one, other] = [this.embeddingsOf('real').dimensions, this.embeddingsOf('fake').dimensions];
    if (one === other) return;
    const [first, second] = [real, fake].map((path) => shown(this.#file(path).name));
    throw new UsageError(
      'CVL-V009',
      `${second}: vectors of ${other} dimensions, ${first} has ${one}; expected the same`,
    );
  }

  #file(path: string): SourceFile {
    return {path, name: relative(resolve(this.sources.cwd), path).split(sep).join('/')};
  }
}
