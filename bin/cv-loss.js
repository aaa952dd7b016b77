#!/usr/bin/env node
const {availableParallelism} = require('node:os');

const words = process.argv.slice(2);

// Scripts ask for the version only to know that the program is there: it needs nothing else loaded.
if (words.length === 1 && ['-V', '--version'].includes(words[0])) {
  console.log(require('../package.json').version);
} else {
  // Images are decoded in libuv's threads, whose number is read when the first of them starts: loading a module starts it.
  process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism()));

  import('../dist/program/main.js').then(({main}) => main(words));
}
