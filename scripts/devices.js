// Writes the table of docs/devices.md: for every loss and device the worst relative error that the conformance tests met.
//   for device in tensorflow webgpu; do CV_LOSS_ERRORS=errors .ci/on-device $device; done
//   CV_LOSS_ERRORS=errors npx vitest run test/losses/conformance/{agreement,fixture-values}.test.ts
//   node scripts/devices.js errors
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {losses} from '../dist/losses/registry.js';

const DEVICES = ['cpu', 'tensorflow', 'webgpu'];
const PAGE = new URL('../docs/devices.md', import.meta.url);
const [BEGIN, END] = ['<!-- errors -->', '<!-- end of errors -->'];

const [, , folder = 'errors'] = process.argv;
/** @type {Map<string, Map<string, number>>} */
const worst = new Map(DEVICES.map((device) => [device, new Map()]));
for (const file of readdirSync(folder)) {
  const device = DEVICES.find((name) => file.startsWith(`${name}-`));
  const seen = device && worst.get(device);
  if (!seen) continue;
  for (const [loss, error] of Object.entries(JSON.parse(readFileSync(join(folder, file), 'utf8')))) {
    seen.set(loss, Math.max(error, seen.get(loss) ?? 0));
  }
}

const rows = losses
  .filter(({id}) => DEVICES.some((device) => worst.get(device)?.has(id)))
  .map(
    ({id, family}) =>
      `| ${id} | ${family} | ${DEVICES.map((device) => text(worst.get(device)?.get(id))).join(' | ')} |`,
  );
const head = `| loss | family | ${DEVICES.join(' | ')} |\n| --- | --- | ${DEVICES.map(() => '---:').join(' | ')} |`;
const page = readFileSync(PAGE, 'utf8');
const [before] = page.split(BEGIN);
const [, after = ''] = page.split(END);
writeFileSync(PAGE, `${before}${BEGIN}\n${head}\n${rows.join('\n')}\n${END}${after}`);

/** @param {number | undefined} error */
function text(error) {
  if (error === undefined) return '';
  return error === 0 ? '0' : error.toExponential(0);
}
