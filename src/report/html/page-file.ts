import fs from 'node:fs/promises';
import {UsageError} from '../../errors.js';
import {printable} from '../../printable.js';
import {errorCode, storageError} from '../../storage/storage-error.js';
import {PAGE_MARK} from './page.js';

/** Bytes in which every page of ours says what it is: its policy, which comes before, is short. */
const HEAD_BYTES = 4096;

/** Whether a file is a page of cv-loss. One that is not there is none; RunError when it cannot be read. */
export async function isPage(path: string): Promise<boolean> {
  try {
    const file = await fs.open(path);
    try {
      const {buffer, bytesRead} = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.toString('latin1', 0, bytesRead).includes(PAGE_MARK);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'EISDIR') return false;
    throw storageError(error, path);
  }
}

/** Throws UsageError where a file is there that a page would replace and that is none of ours. */
export async function refuseOthersPage(path: string): Promise<void> {
  const isThere = await fs.lstat(path).then(
    () => true,
    () => false,
  );
  if (isThere && !(await isPage(path))) {
    throw new UsageError('CVL-R006', `${printable(path)} is there and is no page of cv-loss; choose another place`);
  }
}
