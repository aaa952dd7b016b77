/** A colour profile as one tone curve a channel and, for RGB, a matrix to the connection space (XYZ, D50). */
export interface Shaper {
  /** From 0..1 to linear 0..1, by channel. */
  readonly curves: readonly ((value: number) => number)[];
  /** From linear RGB to linear sRGB, by output channel; null for grey. */
  readonly toLinearSrgb: readonly Row[] | null;
}

/** Three numbers. */
export type Row = readonly [number, number, number];

/** Linear sRGB from XYZ relative to D50: the inverse of sRGB's colorants (IEC 61966-2-1, adapted by Bradford). */
const SRGB_FROM_XYZ: readonly Row[] = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
];

const HEADER = 128;

/**
 * Reads a profile that needs no tables of colours: grey, or RGB by matrix and tone curves. Null for any other, a
 * damaged one among them. Reference: ICC.1:2010, sections 7, 8.3, 8.4 and 10.
 */
export function readShaper(profile: Buffer, channels: number): Shaper | null {
  try {
    const tags = readTags(profile);
    if (text(profile, 36) !== 'acsp' || text(profile, 16) !== (channels === 1 ? 'GRAY' : 'RGB ')) return null;
    const names = channels === 1 ? ['kTRC'] : ['rTRC', 'gTRC', 'bTRC'];
    // Where a profile has tables, they and not the matrix say what it means.
    if (tags.has('A2B0') || tags.has('D2B0')) return null;
    const curves = names.map((name) => readCurve(tags.get(name)));
    if (channels === 1) return {curves, toLinearSrgb: null};
    const colorants = ['rXYZ', 'gXYZ', 'bXYZ'].map((name) => readXyz(tags.get(name))) as [Row, Row, Row];
    return {curves, toLinearSrgb: SRGB_FROM_XYZ.map((row) => rowTimes(row, colorants))};
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function text(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, at + 4);
}

function readTags(profile: Buffer): Map<string, Buffer> {
  const tags = new Map<string, Buffer>();
  const count = profile.readUInt32BE(HEADER);
  for (let i = 0; i < count; i++) {
    const at = HEADER + 4 + 12 * i;
    const from = profile.readUInt32BE(at + 4);
    tags.set(text(profile, at), profile.subarray(from, from + profile.readUInt32BE(at + 8)));
  }
  return tags;
}

function readXyz(tag: Buffer | undefined): Row {
  if (!tag || text(tag, 0) !== 'XYZ ') throw new RangeError('no XYZ');
  return [tag.readInt32BE(8) / 65_536, tag.readInt32BE(12) / 65_536, tag.readInt32BE(16) / 65_536];
}

function readCurve(tag: Buffer | undefined): (value: number) => number {
  if (tag && text(tag, 0) === 'curv') return sampledCurve(tag);
  if (tag && text(tag, 0) === 'para') return parametricCurve(tag);
  throw new RangeError('no curve');
}

/** None: the identity; one: a power in 8.8 fixed point; more: samples, between which it is linear. */
function sampledCurve(tag: Buffer): (value: number) => number {
  const count = tag.readUInt32BE(8);
  if (count === 0) return (value) => value;
  const first = tag.readUInt16BE(12);
  if (count === 1) return (value) => value ** (first / 256);
  tag.readUInt16BE(12 + 2 * (count - 1));
  return (value) => {
    const at = value * (count - 1);
    const below = Math.min(Math.floor(at), count - 2);
    const low = tag.readUInt16BE(12 + 2 * below);
    const high = tag.readUInt16BE(14 + 2 * below);
    return (low + (high - low) * (at - below)) / 65_535;
  };
}

/** Parameters of each of the five functions: g, then a, b, c, d, e, f as far as it has them. */
const PARAMETERS = [1, 3, 4, 5, 7];

function parametricCurve(tag: Buffer): (value: number) => number {
  const kind = tag.readUInt16BE(8);
  const count = PARAMETERS[kind];
  if (count === undefined) throw new RangeError('no such function');
  const read = Array.from({length: count}, (_, i) => tag.readInt32BE(12 + 4 * i) / 65_536);
  const [g = 1, a = 1, b = 0, c = 0] = read;
  const power = (value: number) => Math.max(0, a * value + b) ** g;
  if (kind === 0) return power;
  if (kind <= 2) return (value) => (value >= -b / a ? power(value) + c : c);
  const [, , , , d = 0, e = 0, f = 0] = read;
  return (value) => (value >= d ? power(value) + e : c * value + f);
}

/** A row of a matrix times the matrix of three columns. */
function rowTimes([x, y, z]: Row, columns: readonly [Row, Row, Row]): Row {
  const [red, green, blue] = columns.map((column) => x * column[0] + y * column[1] + z * column[2]) as [...Row];
  return [red, green, blue];
}
