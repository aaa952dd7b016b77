// The library's evaluate() in a process that stays: a pass for each line on standard input.
//   node bench/speed/serve-cv-loss.js '{"data": {"pred": …, "target": …}, "losses": […], "jobs": 2}'
import process from 'node:process';
import {evaluate} from '../../dist/index.js';
import {serve} from './serve.js';

const {data, losses, jobs} = JSON.parse(process.argv[2]);

await serve(async () => {
  const config = {inputs: data, losses, ...(jobs !== undefined && {jobs})};
  const {report} = await evaluate(config, {keepRows: false});
  return Object.fromEntries(losses.map((id) => [id, report.summary[id].mean]));
});
