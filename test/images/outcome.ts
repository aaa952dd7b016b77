import {SampleError} from '../../src/errors.js';
import type {ImageOptions} from '../../src/images/decode.js';
import type {Raster} from '../../src/images/raster.js';
import type {Reading} from '../../src/images/reading.js';
import {decode} from './fixtures.js';
import type {FormatCase} from './format-cases.js';
import type {Reference} from './references.js';

/**
 * What a row's files give as `pixels` or as ids (`labels`), in the words of docs/formats.md. Throws where a file does
 * not decode to its reference, is refused although it has one, or where two files of a row differ.
 */
export async function outcomeOf(row: FormatCase, reading: 'pixels' | 'labels'): Promise<string> {
  const reference = reading === 'pixels' ? row.pixels : row.ids;
  if (reference === undefined) return '';
  const outcomes = new Set<string>();
  for (const variant of row.files) {
    const [file, height, width] = typeof variant === 'string' ? [variant, 5, 7] : variant;
    outcomes.add(await one(file, reading, row.options ?? {}, reference, height, width));
  }
  const [outcome = '', ...others] = outcomes;
  if (others.length > 0) throw new Error(`${row.format}, ${row.content}: ${[...outcomes].join(' / ')}`);
  return outcome;
}

async function one(
  file: string,
  reading: Reading,
  options: Partial<ImageOptions>,
  reference: Reference | null,
  height: number,
  width: number,
): Promise<string> {
  const raster = await decode(file, reading, options).catch((error: unknown) => error);
  if (raster instanceof SampleError) {
    if (reference) throw new Error(`${file} as ${reading} is refused: ${raster.message}`);
    return refusal(raster, file);
  }
  if (raster instanceof Error || !reference) throw new Error(`${file} as ${reading} is not refused`, {cause: raster});
  return agreement(raster as Raster, file, reference, height, width);
}

/** A refusal without what differs between files. */
export function refusal({code, message}: SampleError, file: string): string {
  const text = message.replace(`${file}: `, '').replace(/; supported formats: .*/, '');
  return `\`${code}\`: ${text}`;
}

function agreement(raster: Raster, file: string, reference: Reference, height: number, width: number): string {
  const expected = reference.values(height, width);
  if (raster.data.length !== expected.length) {
    throw new Error(`${file}: ${raster.data.length} values, ${expected.length} were stored`);
  }
  if (!reference.peer && (raster.height !== height || raster.width !== width)) {
    throw new Error(`${file} is ${raster.height} x ${raster.width}`);
  }
  let apart = 0;
  for (let i = 0; i < expected.length; i++) {
    apart = Math.max(apart, Math.abs((raster.data[i] as number) - (expected[i] as number)));
  }
  if (!(apart <= (reference.within ?? 0))) throw new Error(`${file}: ${apart} from its reference`);
  const how = reference.peer
    ? apart === 0
      ? `as ${reference.peer} decodes it`
      : `within ${reference.within} of ${reference.peer}`
    : 'exact';
  return `${how}: ${raster.channels} × ${typeOf(raster)}`;
}

/** The element type, with the largest value where that is not the type's own. */
function typeOf({data, maximum}: Raster): string {
  const name = data.constructor.name.replace('Array', '').toLowerCase();
  if (maximum === null) return name;
  const whole = /^u/.test(name) ? 2 ** Number(name.slice(4)) - 1 : 2 ** (Number(name.slice(3)) - 1) - 1;
  return maximum < whole ? `${name} of 0 to ${maximum}` : name;
}
