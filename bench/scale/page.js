import {readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {cpuSecondsOf, parts, queueParts} from './model.js';

const page = fileURLToPath(new URL('../../docs/scale.md', import.meta.url));
const [begin, end] = ['<!-- bench/scale.js writes from here -->', '<!-- to here -->'];

const BILLION = 1e9;
/** Datasets of a billion pairs: the side of their images, and the bytes of a pair of PNGs. */
const DATASETS = [
  {name: '64×64', side: 64, pairBytes: 2 * 9e3},
  {name: '256×256', side: 256, pairBytes: 2 * 100e3},
  {name: '512×512', side: 512, pairBytes: 2 * 400e3},
];
const SHARDS = 10_000;
const CORES = [2, 64, 1000];

/** Puts the tables of what was measured into docs/scale.md, between its two marks. */
export function putIntoPage(measured) {
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/scale.md: expected a line ${begin} and, below it, a line ${end}`);
  writeFileSync(page, `${text.slice(0, from)}${begin}\n\n${tables(measured)}\n\n${text.slice(to)}`);
}

function tables(measured) {
  return [
    machineLine(measured),
    runsTable(measured),
    costTable(measured.model, parts, 'The largest error of the model'),
    ...(measured.queueModel ? [queueTable(measured)] : []),
    mergeLine(measured),
    billionTable(measured),
  ].join('\n\n');
}

function machineLine({machine: {processor, cores, memory_gib, node, load_average_before}}) {
  const shared = `More than ${cores} workers share its ${cores} cores: their rows say what sharing costs, not what more cores give.`;
  return `Measured on: ${processor}, ${cores} cores, ${memory_gib} GiB, Node ${node}; load before the run ${load_average_before}. ${shared}`;
}

function runsTable({runs, model}) {
  const hasQueue = runs.some(({queue}) => queue);
  const header = [
    'images',
    'losses',
    'pairs',
    'workers',
    'seconds',
    'pairs/s',
    'core seconds',
    'by the model',
    'peak of a worker',
  ];
  const rows = runs.map((run) => [
    run.images,
    run.losses,
    run.pairs,
    run.workers,
    run.seconds.toFixed(1),
    Math.round(run.pairs / run.seconds),
    run.cpuSeconds.toFixed(1),
    cpuSecondsOf(model.cost, run).toFixed(1),
    megabytes(run.peakBytes),
    ...(hasQueue ? [run.queue ? `${run.queue.seconds.toFixed(1)} s, ${run.queue.cpuSeconds.toFixed(1)} s` : ''] : []),
  ]);
  return table(hasQueue ? [...header, 'by the queue: seconds, core seconds'] : header, rows);
}

function costTable({cost, worst}, ofParts, errorLabel) {
  const rows = Object.entries(ofParts).map(([name, {unit}]) => [name, `${(1e6 * cost[name]).toPrecision(3)} µs`, unit]);
  return `${table(['part', 'seconds of a core', 'for each'], rows)}\n\n${errorLabel} is ${(100 * worst).toFixed(0)} %.`;
}

/** What a queue costs in place of `process` and `table`, and what that is of a large run. */
function queueTable({queueModel}) {
  const [workers, pairs] = [64, 1e7];
  const hours = (cpuSecondsOf(queueModel.cost, {workers, pairs}, queueParts) / 3600).toFixed(1);
  return `Through a queue, in place of process and table:

${costTable(queueModel, queueParts, 'The largest error of the model with these')} Of ten million pairs on ${workers} workers the queue takes ${hours} core hours.`;
}

function mergeLine({merge: {pairs, cpuSeconds, peakBytes, rowBytes}}) {
  const {shard, csv, parquet} = rowBytes;
  const perRow = `${((1e6 * cpuSeconds) / pairs).toFixed(0)} µs of a core a row`;
  return `Merging ${pairs} rows of one loss takes ${perRow} and ${megabytes(peakBytes)} at the most; a row takes ${shard.toFixed(0)} bytes in its shard, ${csv.toFixed(0)} in rows.csv and ${parquet.toFixed(0)} in rows.parquet.`;
}

function billionTable({model: {cost}, merge}) {
  const rows = DATASETS.map(({name, side, pairBytes}) => {
    const part = {pairs: BILLION / SHARDS, workers: 1, side, pairBytes, losses: 'mse,ssim'};
    const hours = (SHARDS * cpuSecondsOf(cost, part)) / 3600;
    return [
      name,
      `${((BILLION * pairBytes) / 1e12).toFixed(0)} TB`,
      `${Math.round(hours)} h`,
      ...CORES.map((cores) =>
        hours / cores >= 48 ? `${(hours / cores / 24).toFixed(0)} days` : `${(hours / cores).toFixed(1)} h`,
      ),
    ];
  });
  const mergeHours = ((BILLION / merge.pairs) * merge.cpuSeconds) / 3600;
  const gigabytes = (bytes) => `${((BILLION * bytes) / 1e9).toFixed(0)} GB`;
  const {shard, csv, parquet} = merge.rowBytes;
  return `${table(['a billion pairs of', 'read', 'core hours', ...CORES.map((cores) => `${cores} cores`)], rows)}

Their rows are ${gigabytes(shard)} in shards, ${gigabytes(csv)} in rows.csv, ${gigabytes(parquet)} in rows.parquet; one merge of all of them would take ${mergeHours.toFixed(0)} h of one core.`;
}

function table(header, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
