import type {Reading} from '../losses/sample-contract.js';
import type {RoleFile} from '../samples/sample.js';
import {type DecodedFile, decodeFile, type FileOptions} from './decoded-file.js';

/** Decoded files that are kept for others who ask, by role and path. */
export type KeptFiles = Map<string, Promise<DecodedFile>>;

/** Decodes the files of a run, or of several runs that read files alike, and counts them. */
export class DecodedFiles {
  /** Files that serve every sample. */
  readonly serving: KeptFiles = new Map();
  /** Files that were decoded so far; one that was kept counts once. */
  decoded = 0;

  /** A decoded file, which `kept` keeps; null keeps nothing. Throws as `decodeFile` does. */
  decode(
    role: string,
    file: RoleFile,
    readings: Iterable<Reading>,
    options: FileOptions,
    kept: KeptFiles | null,
  ): Promise<DecodedFile> {
    const name = JSON.stringify([role, file]);
    const known = kept?.get(name);
    if (known) return known;
    this.decoded++;
    const decoding = decodeFile(role, file, readings, options);
    kept?.set(name, decoding);
    return decoding;
  }
}
