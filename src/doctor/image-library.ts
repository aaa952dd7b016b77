import {firstLine} from '../device/first-line.js';
import type {Finding} from './check.js';

/** Brings back sharp with the libvips that belongs to this platform. */
export const INSTALL_SHARP = 'npm install --include=optional sharp';

/** Whether sharp and its libvips load, and which they are. */
export async function checkImageLibrary(): Promise<Finding> {
  const {loadSharp} = await import('../images/sharp.js');
  try {
    const {versions} = await loadSharp();
    const {sharp = 'unknown', vips} = versions;
    return {status: 'ok', detail: `${sharp} with libvips ${vips}`, facts: {sharp, libvips: vips}};
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? `: ${firstLine(error.cause)}` : '';
    const {platform, arch} = process;
    return {
      status: 'problem',
      detail: `does not load on ${platform}-${arch}${cause}`,
      remedy: INSTALL_SHARP,
      facts: {sharp: null, libvips: null},
    };
  }
}
