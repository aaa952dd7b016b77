import type {Messages} from './message.js';

/** What this machine computes with, and `cv-loss setup`. */
export const devices = {
  'CVL-D001': {
    title: 'the device does not start',
    cause: '`--device` was exact, and its library is not installed, does not load, or finds no adapter.',
    remedy:
      '`cv-loss doctor` says what is missing; `--device auto` takes the first device that works, `--device cpu` always does.',
  },
  'CVL-D002': {
    title: 'a GPU was required and none is used',
    cause: '`--require-gpu` refuses to compute on the CPU.',
    remedy: '`cv-loss doctor` says what is missing; leave the option out to compute on the CPU.',
  },
  'CVL-D003': {
    title: 'the image library does not load',
    cause: 'sharp has a binary for each platform, and the one that was installed is for another.',
    remedy: 'Install cv-loss again on this machine; do not copy node_modules between systems.',
  },
  'CVL-D004': {
    title: 'TensorFlow cannot be set up on this system',
    cause: "TensorFlow's wheels are for Linux x64 with glibc.",
    remedy: 'Use `--device webgpu` or `--device cpu`, as the line says.',
  },
  'CVL-D005': {
    title: 'a tool is missing that the set-up builds with',
    cause: 'The binding is compiled here, with Python 3, a C++ compiler and make.',
    remedy: 'On Debian: `apt install g++ make python3`.',
  },
  'CVL-D006': {
    title: 'the binding of TensorFlow cannot be built or does not work',
    cause: 'npm could not install it, the compiler failed, or the result does not load.',
    remedy: 'The line has the reason. Without a network, fill a folder elsewhere with `--download` and use `--from`.',
  },
  'CVL-D007': {
    title: 'TensorFlow cannot be downloaded',
    cause: 'The package index is not reached, or has no wheel that fits.',
    remedy: 'Check the network and proxy, or use `cv-loss setup tensorflow --from FILE.whl`.',
  },
  'CVL-D008': {
    title: 'no wheel of TensorFlow that can be used',
    cause: 'The file or folder of `--from` holds none for linux-x64 of that version, or it is damaged.',
    remedy: 'Get the wheel again; `--download FOLDER` on a machine with a network collects what is needed.',
  },
} satisfies Messages;
