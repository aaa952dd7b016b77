/** Changes of a file's bytes: what disks, networks and attackers do to it. Each takes a random source and may take other files. */

const NUMBERS = [
  0,
  1,
  2,
  7,
  8,
  127,
  128,
  255,
  256,
  32_767,
  32_768,
  65_535,
  65_536,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];
const TEXTS = [
  '[[[[[[[[[[',
  '{"a":',
  '":"',
  '\\u0000',
  '\u001b[31m',
  '\u202e',
  '-1',
  '1e999',
  '99999999999999999999',
  'NaN',
  'null',
  '__proto__',
  '../',
  '/',
  '\0',
  '\n',
  ',',
  '"',
  '&a [*a]',
  '*a',
  '!!',
  '? ',
  '- ',
  ': ',
  '#',
  '%',
  '\ufeff',
  'inf',
];

/** A file with one to four changes. `donors` are other files of the kind. */
export function mutated(bytes, donors, next) {
  let out = Buffer.from(bytes);
  for (let changes = 1 + (next() % 4); changes > 0; changes--) {
    out = CHANGES[next() % CHANGES.length](out, donors, next);
  }
  return out.subarray(0, LONGEST);
}

const LONGEST = 1 << 18;

const CHANGES = [flip, flip, overwrite, number, number, number, cut, remove, repeat, insert, text, splice, digits];

/** Headers, where the numbers with consequences are, come up often. */
function place(bytes, next) {
  const end = next() % 2 === 0 ? bytes.length : Math.min(bytes.length, 256);
  return end === 0 ? 0 : next() % end;
}

function flip(bytes, _donors, next) {
  if (bytes.length > 0) bytes[place(bytes, next)] ^= 1 << (next() % 8);
  return bytes;
}

function overwrite(bytes, _donors, next) {
  const at = place(bytes, next);
  for (let i = at; i < Math.min(bytes.length, at + 1 + (next() % 8)); i++) bytes[i] = next() >>> 24;
  return bytes;
}

/** A length, an offset or a count that lies: a number of 1 to 8 bytes in either order, or one that is there, changed a little. */
function number(bytes, _donors, next) {
  const size = [1, 2, 4, 4, 8][next() % 5];
  if (bytes.length < size) return bytes;
  const at = Math.min(place(bytes, next), bytes.length - size);
  const big = next() % 2 === 0;
  const width = Math.min(size, 6);
  const before = big ? bytes.readUIntBE(at + size - width, width) : bytes.readUIntLE(at, width);
  const near = (before + (next() % 9) - 4 + 2 ** (8 * width)) % 2 ** (8 * width);
  const value = next() % 3 === 0 ? near : NUMBERS[next() % NUMBERS.length] % 2 ** (8 * width);
  bytes.fill(0, at, at + size);
  if (big) bytes.writeUIntBE(value, at + size - width, width);
  else bytes.writeUIntLE(value, at, width);
  return bytes;
}

function cut(bytes, _donors, next) {
  return bytes.subarray(0, place(bytes, next));
}

function remove(bytes, _donors, next) {
  const at = place(bytes, next);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + (next() % 40))]);
}

/** A stretch once more, or many times. */
function repeat(bytes, _donors, next) {
  const at = place(bytes, next);
  const stretch = bytes.subarray(at, at + 1 + (next() % 64));
  const times = next() % 8 === 0 ? 1000 : 1;
  return Buffer.concat([bytes.subarray(0, at), ...Array.from({length: times}, () => stretch), bytes.subarray(at)]);
}

function insert(bytes, _donors, next) {
  const at = place(bytes, next);
  return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(1 + (next() % 16), next() >>> 24), bytes.subarray(at)]);
}

function text(bytes, _donors, next) {
  const at = place(bytes, next);
  const piece = Buffer.from(TEXTS[next() % TEXTS.length].repeat(next() % 16 === 0 ? 5000 : 1));
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(next() % 2 === 0 ? at : at + piece.length)]);
}

function splice(bytes, donors, next) {
  const donor = donors[next() % donors.length];
  return Buffer.concat([bytes.subarray(0, place(bytes, next)), donor.subarray(place(donor, next))]);
}

/** A number in digits becomes another one. */
function digits(bytes, _donors, next) {
  const start = place(bytes, next);
  for (let at = start; at < Math.min(bytes.length, start + 200); at++) {
    if (bytes[at] < 0x30 || bytes[at] > 0x39) continue;
    let end = at;
    while (end < bytes.length && bytes[end] >= 0x30 && bytes[end] <= 0x39) end++;
    const other = next() % 2 === 0 ? String(NUMBERS[next() % NUMBERS.length]) : '9'.repeat(1 + (next() % 25));
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(other), bytes.subarray(end)]);
  }
  return bytes;
}
