#!/usr/bin/env node
const {availableParallelism} = require('node:os');

// Images are decoded in libuv's threads, whose number is read when the first of them starts: loading a module starts it.
process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism()));

import('../dist/program/main.js').then(({main}) => main(process.argv.slice(2)));
