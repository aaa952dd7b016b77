import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {pipeline} from 'node:stream/promises';
import type {FileHash} from '../origins.js';

/** A file's hash, in hexadecimal. Throws the system's error when it cannot be read. */
export async function fileHash(path: string, algorithm: FileHash['algorithm']): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
