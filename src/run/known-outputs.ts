import {createHash} from 'node:crypto';
import {arch, availableParallelism, cpus, platform} from 'node:os';
import type {ImageOptions} from '../images/decode.js';
import {loadSharp} from '../images/sharp.js';
import {hashOfFiles} from '../models/file-hash.js';
import type {Model, ModelOutput} from '../models/model.js';
import type {ContentCache} from '../storage/content-cache.js';
import {version} from '../version.js';

/** What a model made of images in earlier runs, under the SHA-256 of their files. */
export class KnownOutputs {
  private constructor(
    private readonly cache: ContentCache,
    private readonly signature: string,
  ) {}

  /** Of one model and one way to decode images: all that decides the bits of an output. */
  static async of(cache: ContentCache, model: Model, image: ImageOptions): Promise<KnownOutputs> {
    const {sha256, format, input, output, versions} = model;
    const decoding = {...image, palette: null, libraries: (await loadSharp()).versions};
    const machine = [platform(), arch(), cpus()[0]?.model ?? '', availableParallelism()];
    const computing = {sha256, format, input, output, versions};
    return new KnownOutputs(cache, JSON.stringify(['model output', version, machine, decoding, computing]));
  }

  /** The output for an image, and the hash of its bytes; null where they were not seen before or cannot be read. */
  async find(path: string): Promise<{readonly sha256: string; readonly output: ModelOutput} | null> {
    const sha256 = await hashOfFiles([path]).catch(() => null);
    if (sha256 === null) return null;
    const value = await this.cache.get(this.#key(sha256));
    const output = value && decoded(value);
    this.cache.count(sha256, output !== null);
    return output && {sha256, output};
  }

  /** Keeps the output for an image of that hash. */
  keep(imageSha256: string, {shape, values}: ModelOutput): Promise<void> {
    const head = Uint32Array.of(shape.length, ...shape);
    const value = new Uint8Array(head.byteLength + values.byteLength);
    value.set(new Uint8Array(head.buffer));
    value.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), head.byteLength);
    return this.cache.put(this.#key(imageSha256), value);
  }

  #key(imageSha256: string): string {
    return createHash('sha256')
      .update(JSON.stringify([this.signature, imageSha256]))
      .digest('hex');
  }
}

/** Rank, shape, and the values. */
function decoded({buffer, byteOffset, byteLength}: Uint8Array): ModelOutput | null {
  const words = new Uint32Array(buffer, byteOffset, Math.floor(byteLength / 4));
  const rank = words[0] ?? Infinity;
  if (words.length < 1 + rank) return null;
  const shape = [...words.subarray(1, 1 + rank)];
  const values = new Float32Array(buffer, byteOffset + 4 * (1 + rank), words.length - 1 - rank);
  return values.length === shape.reduce((product, side) => product * side, 1) ? {shape, values} : null;
}
