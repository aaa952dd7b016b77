import {crc32, deflateRawSync} from 'node:zlib';

/** A file in a ZIP archive. */
interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
}

/** A ZIP archive of deflated files. With `names`, its directory lists the first file under each of them. */
export function zipOf(entries: readonly ZipEntry[], names: readonly string[] = []): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const {name, content} of entries) {
    const data = deflateRawSync(content, {level: 9});
    const sizes = [crc32(content), data.length, content.length];
    const head = header(0x0403_4b50, 30, 8, 14, sizes, 26, name);
    local.push(head, data);
    for (const listed of names.length > 0 ? names : [name]) {
      const entry = header(0x0201_4b50, 46, 10, 16, sizes, 28, listed);
      entry.writeUInt32LE(at, 42);
      directory.push(entry);
    }
    at += head.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  for (const place of [8, 10]) end.writeUInt16LE(directory.length, place);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, ...directory, end]);
}

function header(
  signature: number,
  length: number,
  methodAt: number,
  sizesAt: number,
  sizes: readonly number[],
  nameAt: number,
  name: string,
): Buffer {
  const out = Buffer.alloc(length + name.length);
  out.writeUInt32LE(signature, 0);
  out.writeUInt16LE(8, methodAt);
  for (const [i, size] of sizes.entries()) out.writeUInt32LE(size, sizesAt + 4 * i);
  out.writeUInt16LE(name.length, nameAt);
  out.write(name, length, 'latin1');
  return out;
}
