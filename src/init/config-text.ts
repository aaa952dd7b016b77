import {relative, resolve, sep} from 'node:path';
import {stringify} from 'yaml';
import {configJsonSchema} from '../config/json-schema.js';
import type {Content} from './content.js';
import {type Seen, seenLines} from './seen.js';
import {lossLines} from './suites.js';

/** Where a config is going to lie. */
export interface ConfigPlace {
  /** The folder that its paths are relative to, absolute. */
  readonly folder: string;
  /** The JSON Schema, relative to it, for editors. */
  readonly schema: string;
}

/** The config of a dataset, as YAML: what was seen, what is scored, and the other keys as options with their meaning. */
export function configText(seen: Seen, {folder, schema}: ConfigPlace): string {
  const {pred, target} = seen.inputs;
  const inputs = {pred: pathFrom(folder, pred), target: pathFrom(folder, target)};
  const {match} = seen.pairing;
  const lines = [
    `# yaml-language-server: $schema=${schema}`,
    '# Written by cv-loss init. A # right before a word switches a key off: take it away to use the key.',
    '#',
    ...seenLines(seen).map((line) => `# ${line}`),
    '',
    yaml({inputs}),
    Object.keys(match).length > 0 ? yaml({match}) : option('match', '{pred: "{key}_sr"}'),
    ...classLines(seen.content),
    '',
    '# What is computed. Any loss takes an id, a weight (weighted losses add up to `total`) and options of its own:',
    '# cv-loss losses lists them all, cv-loss losses ssim explains one.',
    'losses:',
    ...lossLines(seen.content, shortestSide(seen)),
    '',
    ...section('image', imageOptions(seen)),
    '',
    option('group_by', '"{dir}"'),
    option('allow_missing', 'true'),
    option('device', 'cpu'),
    option('batch_size', '1'),
    ...section('report', {dir: 'report', formats: '[csv, jsonl, json]'}),
  ];
  return `${lines.join('\n')}\n`;
}

/** How many classes label maps have, as far as was seen. */
function classLines(content: Content): string[] {
  return content.kind === 'labels' ? [`classes: ${content.classes} # ${explain('classes')}`] : [];
}

/** A path as a config writes it: relative to the config's folder, with `/`. */
function pathFrom(folder: string, path: string): string {
  const found = relative(folder, resolve(path));
  return (sep === '/' ? found : found.replaceAll(sep, '/')) || '.';
}

function yaml(value: object): string {
  return stringify(value, {lineWidth: 0}).trimEnd();
}

function option(key: string, value: string): string {
  return `#${key}: ${value} # ${explain(key)}`;
}

function section(key: string, options: Readonly<Record<string, string>>): string[] {
  const lines = Object.entries(options).map(([name, value]) => `  #${name}: ${value} # ${explain(key, name)}`);
  return [`#${key}: # ${explain(key)}`, ...lines];
}

/** The values that the dataset suggests, or examples. */
function imageOptions({sizes, look}: Seen): Record<string, string> {
  const headers = [...look.pred.headers, ...look.target.headers];
  const border = sizes.kind === 'border';
  return {
    size: border ? 'crop' : 'target',
    color: 'grey',
    alpha: 'drop',
    ...(headers.some(({profile, cmyk}) => profile || cmyk) ? {icc: 'convert'} : {}),
    ...(headers.some(({pages}) => pages > 1) ? {page: '0'} : {}),
    orient: 'false',
    max_pixels: '100000000',
  };
}

function shortestSide({look}: Seen): number {
  const headers = [...look.pred.headers, ...look.target.headers];
  return headers.length === 0 ? Infinity : Math.min(...headers.flatMap(({width, height}) => [width, height]));
}

interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
}

/** A key's meaning, as the config's JSON Schema words it. */
function explain(...path: readonly string[]): string {
  let node: SchemaNode | undefined = configJsonSchema();
  for (const step of path) node = node?.properties?.[step];
  return node?.description ?? path.join('.');
}
