import {relative, resolve, sep} from 'node:path';
import {UsageError} from '../errors.js';
import type {EmbeddingSet, NamedTuples, ScoreSet, VectorDataset} from '../losses/dataset-contract.js';
import {readEmbeddings} from '../vectors/embeddings.js';
import {readScores} from '../vectors/scores.js';
import {type SourceFile, shown} from '../vectors/source-file.js';
import {readTuples} from '../vectors/tuples.js';

/** Where the data of a run of whole sets are; paths are absolute. */
export interface VectorSources {
  readonly embeddings: {
    readonly file: string | null;
    /** `folder`: the folder of an item's key. */
    readonly labels: string | null;
    readonly real: string | null;
    readonly fake: string | null;
  } | null;
  readonly scores: {
    readonly real: string;
    readonly fake: string;
    readonly input: 'logits' | 'probabilities';
  } | null;
  /** The folder that messages name files from. */
  readonly cwd: string;
}

/** A loss asks for data that the config does not give. */
export class MissingData extends UsageError {}

type Role = 'real' | 'fake';

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

  private constructor(
    private readonly sources: VectorSources,
    private readonly signal: AbortSignal,
  ) {
    this.scoreInput = sources.scores?.input ?? 'logits';
  }

  /** Reads the files. Throws UsageError for what is wrong with them, and the signal's reason when aborted. */
  static async read(sources: VectorSources, signal: AbortSignal): Promise<VectorData> {
    const data = new VectorData(sources, signal);
    const {file = null, labels = null, real = null, fake = null} = sources.embeddings ?? {};
    if (file !== null) await data.#readSet('embeddings', file, labels);
    if (real !== null && fake !== null) {
      await data.#readSet('real', real, null);
      await data.#readSet('fake', fake, null);
      data.#checkDimensions(real, fake);
    }
    if (sources.scores) {
      await data.#readScores('real', sources.scores.real);
      await data.#readScores('fake', sources.scores.fake);
    }
    return data;
  }

  /** Vectors or scores in all. */
  get items(): number {
    return [...this.#sets.values(), ...this.#scores.values()].reduce((sum, {keys}) => sum + keys.length, 0);
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
    const {tuples, sha256} = await readTuples(this.#file(path), this.embeddings(), this.signal);
    this.sha256[role] = sha256;
    return tuples;
  }

  #checkDimensions(real: string, fake: string): void {
    const [one, other] = [this.embeddingsOf('real').dimensions, this.embeddingsOf('fake').dimensions];
    if (one === other) return;
    const [first, second] = [real, fake].map((path) => shown(this.#file(path).name));
    throw new UsageError(`${second}: vectors of ${other} dimensions, ${first} has ${one}; expected the same`);
  }

  #file(path: string): SourceFile {
    return {path, name: relative(resolve(this.sources.cwd), path).split(sep).join('/')};
  }
}
