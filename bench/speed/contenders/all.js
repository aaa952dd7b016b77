import {cvLoss} from './cv-loss.js';
import {decodeOnly} from './decode-only.js';
import {ffmpeg} from './ffmpeg.js';
import {npmPeers} from './npm.js';
import {pythonPeers} from './python.js';

/** All that can take part; the first is what the others are compared with. */
export const contenders = [cvLoss, decodeOnly, ...pythonPeers, ffmpeg, ...npmPeers];
