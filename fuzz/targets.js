import {images} from './targets/images.js';
import {reports} from './targets/reports.js';
import {texts} from './targets/texts.js';
import {weights} from './targets/weights.js';

/**
 * By name: `seeds` gives the real files to begin with, `attempt` reads one and gives or throws what comes of it. It gets
 * the bytes, the path of a file that holds them, and a folder of its own.
 */
export const targets = {...images, ...weights, ...texts, ...reports};
