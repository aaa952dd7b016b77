import {performance} from 'node:perf_hooks';
import process from 'node:process';
import {createInterface} from 'node:readline';

/** The other end of warm-process.js: a pass for each line on standard input, `{seconds, means}` as a line of JSON. */
export async function serve(pass) {
  for await (const _line of createInterface({input: process.stdin})) {
    const started = performance.now();
    const means = await pass();
    process.stdout.write(`${JSON.stringify({seconds: (performance.now() - started) / 1000, means})}\n`);
  }
}
