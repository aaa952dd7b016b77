import {onTestFinished} from 'vitest';
import {StripFolder} from '../../../src/images/strips/strip-folder.js';

/** A folder of the running test; rooms of more than `smallBytes` are files. */
export async function stripFolder(smallBytes = 0): Promise<StripFolder> {
  const folder = await StripFolder.make(smallBytes);
  onTestFinished(() => folder.close());
  return folder;
}
