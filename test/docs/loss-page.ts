import {directionText, optionsOf} from '../../src/cli/loss-text.js';
import type {LossDescriptor} from '../../src/losses/contract.js';
import {type AnyLossDescriptor, isDatasetLoss} from '../../src/losses/dataset-contract.js';
import type {Reading} from '../../src/losses/sample-contract.js';
import {conventionsTables} from './conventions-page.js';
import {cellText} from './losses-page.js';

/** What scripts/loss-pictures.js says of a loss's example. */
export interface Example {
  /** A file in docs/losses/img. */
  readonly picture: string;
  readonly pred: string;
  readonly target: string;
  readonly value: number;
  readonly shows: string;
  /** Which values of the map are bright. */
  readonly bright: 'high' | 'low';
}

/** docs/losses/ID.md. */
export function lossPage(loss: AnyLossDescriptor, example: Example | undefined): string {
  const sections = [
    [`# ${loss.id}`, `${loss.summary}.`],
    ['```text', loss.formula, '```'],
    facts(loss),
    ['## When to use it', ...(loss.use === undefined ? [] : [loss.use])],
    ['## What it reads', ...(isDatasetLoss(loss) ? setsRead(loss.task) : rolesRead(loss))],
    example ? exampleOf(loss.id, example) : [],
    ['## Options', ...optionsTable(loss)],
    ['## In other libraries', ...peers(loss.id)],
    ['## Reference', `${loss.reference}.`],
    ['[All losses](../losses.md)'],
  ];
  const text = sections.map((section) =>
    section.join(section[0]?.startsWith('```') || section[0]?.startsWith('|') ? '\n' : '\n\n'),
  );
  return `${text.filter((section) => section !== '').join('\n\n')}\n`;
}

function facts(loss: AnyLossDescriptor): string[] {
  const lines = {
    family: loss.family,
    better: directionText(loss),
    values: loss.range,
    unit: loss.unit,
    'undefined when': loss.undefinedWhen,
    'in a weighted total': isDatasetLoss(loss) ? 'never' : objectiveOf(loss),
  };
  const rows = Object.entries(lines).flatMap(([name, text]) => (text ? [`| ${name} | ${cellText(text)} |`] : []));
  return ['| | |', '| --- | --- |', ...rows];
}

function objectiveOf({objective, options}: LossDescriptor): string {
  const kind = typeof objective === 'function' ? objective(options.parse({})) : objective;
  return {itself: 'as it is', 'one-minus': '1 − x', none: 'never'}[kind];
}

const READINGS: Readonly<Record<Reading, readonly [shape: string, how: string]>> = {
  pixels: ['`[h, w]` or `[h, w, c]`', 'integers divided by the maximum of their type, floats as they are'],
  scores: ['`[h, w]` or `[h, w, k]`', 'probabilities (integers divided by their maximum) or logits, of k classes'],
  labels: ['`[h, w]`', 'ids as they are; indices of a palette PNG'],
  instances: ['`[h, w]`', 'an id for each object, 0 the background'],
  weights: ['`[h, w]`', 'a weight for each pixel, read as pixels'],
  mask: ['`[h, w]`, or scores `[h, w, k]`', 'ids where a file holds one integer a pixel, else scores'],
};

const IGNORE = ['`[h, w]`', 'pixels that are not 0 are left out'] as const;

function rolesRead({inputs, optionalInputs = {}}: LossDescriptor): string[] {
  const row =
    (needed: string) =>
    ([role, reading]: [string, Reading]) =>
      `| \`${role}\` | ${needed} | ${(role === 'ignore' ? IGNORE : READINGS[reading]).join(' | ')} |`;
  const rows = [...Object.entries(inputs).map(row('yes')), ...Object.entries(optionalInputs).map(row('no'))];
  return [['| role | needed | shape | read as |', '| --- | --- | --- | --- |', ...rows].join('\n')];
}

function setsRead(task: string): string[] {
  return task === 'embedding'
    ? [
        'Vectors `[n, d]` with labels, or two sets of vectors (`--task embedding`): files in NPY, NPZ or CSV, or images and a model. See [embeddings](../guides/embeddings.md).',
      ]
    : [
        'Scores `[n]` or `[n, …]` of real and of generated items (`--task adversarial`): CSV or NPY, or images and a discriminator. See [GAN checkpoints](../guides/gan.md).',
      ];
}

function exampleOf(id: string, {picture, pred, target, value, shows, bright}: Example): string[] {
  return [
    '## Example',
    `![prediction, target, and the heat map of ${id}](img/${picture})`,
    `Prediction, target, and the heat map: ${shows}, bright where it is ${bright}. The value of this pair (\`${pred}\`, \`${target}\`) is ${value}. \`--heatmaps worst:20\` draws the map of your worst samples: [pictures](../pictures.md).`,
  ];
}

function optionsTable(loss: AnyLossDescriptor): string[] {
  const rows = optionsOf(loss).map(
    ({name, type, value, description}) =>
      `| \`${name}\` | ${cellText(type)} | \`${cellText(value)}\` | ${cellText(description)} |`,
  );
  const own = rows.length === 0 ? ['None of its own.'] : [[...OPTIONS_HEAD, ...rows].join('\n')];
  return [...own, 'Every loss also takes `id`, `weight` and `undefined: skip | fail | a number`.'];
}

const OPTIONS_HEAD = ['| option | type | default | meaning |', '| --- | --- | --- | --- |'];

/** The lines of docs/conventions.md that reproduce a value with this loss, and those that come near. */
function peers(id: string): string[] {
  const uses = (cell: string | undefined) => cell?.includes(`type: ${id},`) || cell?.includes(`type: ${id}}`);
  const tables = ['Photographs', 'Masks'].map(conventionsTables);
  const same = tables
    .flatMap(({reproduced}) => reproduced)
    .filter(([, , config]) => uses(config))
    .map((cells) => {
      const [, call, config, is, within] = cells;
      return `| ${code(inFull(call))} | ${code(config)} | ${code(is)} | ${within} | ${cellText(cells.at(-1) ?? '')} |`;
    });
  const other = tables
    .flatMap(({others}) => others)
    .filter(([, , nearest]) => uses(nearest))
    .map(([, call, , why = '']) => `| ${code(inFull(call))} | ${cellText(why)} |`);
  const head = ['| call | cv-loss | it is | within | note |', '| --- | --- | --- | --- | --- |'];
  const near = ['| call | what differs |', '| --- | --- |'];
  return [
    ...(same.length > 0
      ? [`These give the same number, \`x\` being the value here:`, [...head, ...same].join('\n')]
      : []),
    ...(other.length > 0 ? ['No option reproduces these:', [...near, ...other].join('\n')] : []),
    same.length + other.length > 0
      ? 'Each line is held by a test: [conventions](../conventions.md).'
      : 'No call of another library is listed for it; its tests hold it to 1e-5 of an independent form in float64, or of what the software of its authors gives.',
  ];
}

/** The modules that calls in docs/conventions.md shorten. */
const MODULES: Readonly<Record<string, string>> = {
  sk: 'skimage.metrics',
  TI: 'torchmetrics.functional.image',
  TF_: 'torchmetrics.functional',
  TS: 'torchmetrics.functional.segmentation',
  mm: 'monai.metrics',
  ml: 'monai.losses',
  F: 'torch.nn.functional',
  smp: 'segmentation_models_pytorch',
};

function inFull(call = ''): string {
  return call
    .replaceAll(/(?<![\w.])(\w+)\./g, (found, name) => (Object.hasOwn(MODULES, name) ? `${MODULES[name]}.` : found))
    .replaceAll(/PQ\['(\w+)'\]/g, "pyiqa.create_metric('$1')");
}

function code(text = ''): string {
  return `\`${cellText(text)}\``;
}
