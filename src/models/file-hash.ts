import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';

/** SHA-256 over the bytes of files, one after the other. */
export async function hashOfFiles(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) {
    for await (const chunk of createReadStream(path, {highWaterMark: 2 ** 20})) hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}
