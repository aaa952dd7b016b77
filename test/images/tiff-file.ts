/** Tags whose values are where each strip or tile begins, and how long it is. */
const OFFSETS = [273, 324];
const LENGTHS = [279, 325];

/**
 * A little-endian TIFF of the given tags (numbers, all of them LONG) and blocks of pixels. Offsets and lengths are filled in:
 * of the block at the value's place, or of the last one where there are fewer.
 */
export function tiffOf(tags: Readonly<Record<number, number | readonly number[]>>, blocks: readonly Buffer[]): Buffer {
  const count = Object.keys(tags).length;
  const tables = 8 + 2 + 12 * count + 4;
  const lists = Object.values(tags).flatMap((value) => (lengthOf(value) > 1 ? value : []));
  const place = placesOf(blocks, tables + 4 * lists.length);
  const head = Buffer.alloc(tables + 4 * lists.length);
  head.write('II*\0', 0, 'latin1');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(count, 8);
  let at = 10;
  let list = tables;
  for (const [tag, value] of Object.entries(tags)) {
    const values = [value].flat().map((one, i) => place(Number(tag), i) ?? one);
    head.writeUInt16LE(Number(tag), at);
    head.writeUInt16LE(4, at + 2);
    head.writeUInt32LE(values.length, at + 4);
    head.writeUInt32LE(values.length === 1 ? (values[0] as number) : list, at + 8);
    if (values.length > 1) for (const one of values) list = head.writeUInt32LE(one, list);
    at += 12;
  }
  return Buffer.concat([head, ...blocks]);
}

function lengthOf(value: number | readonly number[]): number {
  return typeof value === 'number' ? 1 : value.length;
}

/** What a tag of offsets or lengths says of its i-th block; undefined for another tag. */
function placesOf(blocks: readonly Buffer[], start: number) {
  const starts = blocks.map((_, i) => start + blocks.slice(0, i).reduce((sum, {length}) => sum + length, 0));
  return (tag: number, i: number): number | undefined => {
    const block = Math.min(i, blocks.length - 1);
    if (OFFSETS.includes(tag)) return starts[block];
    return LENGTHS.includes(tag) ? blocks[block]?.length : undefined;
  };
}
