import {relative} from 'node:path';
import type {ImageHeader} from '../images/image-header.js';
import {printable} from '../printable.js';
import type {Content} from './content.js';
import type {Look, Side} from './look.js';
import type {Pairing} from './pair.js';
import type {SizeRelation} from './sizes.js';

/** Everything that was found out of a dataset. */
export interface Seen {
  readonly inputs: Readonly<Record<Side, string>>;
  readonly pairing: Pairing;
  readonly look: Look;
  readonly content: Content;
  readonly sizes: SizeRelation;
}

const KEYS_NAMED = 3;

/** What was seen, in a few lines. */
export function seenLines(seen: Seen): string[] {
  return [
    sideLine(seen, 'pred'),
    sideLine(seen, 'target'),
    `pairs: ${pairsText(seen)}`,
    `content: ${contentText(seen.content)}`,
    ...warnings(seen),
  ];
}

function sideLine({inputs, pairing, look}: Seen, side: Side): string {
  const {samples, missing} = pairing.table;
  const files = samples.length + missing.filter(({roles}) => !roles.includes(side)).length;
  const {headers} = look[side];
  const facts = [
    tally(headers.map(({format}) => format.toUpperCase())),
    tally(headers.map(pixelText)),
    sizesText(headers),
    share(headers, ({profile}) => profile, 'with a colour profile'),
    share(headers, ({pages}) => pages > 1, 'of several pages'),
  ];
  const looked = look.looked < files ? ` (${look.looked} looked at)` : '';
  const counted = files === 1 ? '1 file' : `${files} files`;
  const where = printable(relative('.', inputs[side]) || '.');
  return `${[`${side}: ${where}, ${counted}`, ...facts].filter((fact) => fact !== '').join(', ')}${looked}`;
}

function pixelText({depth, channels, palette, alpha, cmyk}: ImageHeader): string {
  const names: Readonly<Record<number, string>> = {1: 'grey', 3: 'RGB'};
  const colours = palette ? 'palette' : cmyk ? 'CMYK' : (names[channels] ?? `of ${channels} channels`);
  return `${depth} ${colours}${alpha ? ' with alpha' : ''}`;
}

/** `PNG`, or `10 PNG, 2 JPEG` where they differ. */
function tally(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size <= 1) return values[0] ?? '';
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([value, count]) => `${count} ${value}`)
    .join(', ');
}

function share(headers: readonly ImageHeader[], is: (header: ImageHeader) => boolean, text: string): string {
  const count = headers.filter(is).length;
  return count === 0 ? '' : `${count} ${text}`;
}

function sizesText(headers: readonly ImageHeader[]): string {
  const sorted = [...headers].sort((a, b) => a.width * a.height - b.width * b.height);
  const [smallest, largest] = [sorted[0], sorted.at(-1)].map((header) =>
    header ? `${header.width}x${header.height}` : '',
  );
  return smallest === largest ? (smallest ?? '') : `${smallest} to ${largest}`;
}

function pairsText({inputs, pairing: {table, match}}: Seen): string {
  const {samples, missing} = table;
  if (samples.at(0)?.files.pred === inputs.pred) return '1, as given';
  const patterns = Object.entries(match).map(([role, pattern]) => `${role} ${printable(pattern)}`);
  const how = patterns.length > 0 ? patterns.join(', ') : 'by name';
  const paired = `${samples.length}, ${how}`;
  if (missing.length === 0) return paired;
  const named = missing.slice(0, KEYS_NAMED).map(({key}) => printable(key));
  const more = missing.length > KEYS_NAMED ? ', …' : '';
  return `${paired}; ${missing.length} without a partner (${named.join(', ')}${more})`;
}

function contentText(content: Content): string {
  switch (content.kind) {
    case 'photos':
      return content.range ? `images, floats within ${content.range.join(' to ')}` : 'images';
    case 'scores':
      return `${content.input} of ${content.classes} classes against ${content.classes === 2 ? 'masks' : 'label maps'}`;
    case 'masks':
      return 'masks of two values on both sides';
    case 'labels':
      return `label maps of ${content.classes} classes on both sides`;
  }
}

/** What keeps samples from being scored, and which key of the config decides it. */
function warnings({pairing, look, sizes}: Seen): string[] {
  const warned: string[] = [];
  const missing = pairing.table.missing.length;
  if (missing > 0) warned.push('eval refuses keys without a partner unless allow_missing is true');
  const differs = sizeText(sizes);
  if (differs !== null) warned.push(`${differs}: these samples fail unless image.size says what to do`);
  const both = [look.pred, look.target];
  if (both.some(({transparent}) => transparent)) warned.push('some images are partly transparent: see image.alpha');
  if (both.some(({headers}) => headers.some(({pages}) => pages > 1))) {
    warned.push('some files have several pages: they fail unless image.page names one');
  }
  if (both.some(({headers}) => headers.some(({cmyk}) => cmyk))) {
    warned.push('some images are CMYK: they fail unless image.icc is convert and they have a profile');
  }
  for (const side of ['pred', 'target'] as const) {
    const {unreadable} = look[side];
    const [first] = unreadable;
    if (first === undefined) continue;
    warned.push(`${unreadable.length} of ${look.looked} files of ${side} cannot be read: ${printable(first)}`);
  }
  return warned;
}

function sizeText(sizes: SizeRelation): string | null {
  if (sizes.kind === 'same') return null;
  if (sizes.kind === 'differ') return 'sizes differ within pairs';
  const {larger} = sizes;
  const smaller = larger === 'pred' ? 'target' : 'pred';
  if (sizes.kind === 'factor') return `${larger} is ${sizes.factor} times as wide and high as ${smaller}`;
  return `${larger} has ${sizes.columns} more columns and ${sizes.rows} more rows than ${smaller}`;
}
