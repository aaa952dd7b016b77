import {createHash} from 'node:crypto';
import {crc32} from 'node:zlib';

/** The bytes of a wheel: a ZIP archive of stored files, with METADATA and a RECORD of their hashes. */
export function wheelBytes(files: Readonly<Record<string, string>>, record?: string): Buffer {
  const info = 'tensorflow-2.0.0.dist-info';
  const all = {[`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: tensorflow\nVersion: 2.0.0\n', ...files};
  const lines = Object.entries(all).map(([name, text]) => `${name},sha256=${hashOf(text)},${text.length}`);
  return zip({...all, [`${info}/RECORD`]: record ?? `${lines.join('\n')}\n${info}/RECORD,,\n`});
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** Reference: PKWARE, .ZIP file format specification. */
function zip(files: Readonly<Record<string, string>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [path, data] = [Buffer.from(name), Buffer.from(text)];
    // Version, flags, method (stored), time and date; then sum, sizes, and the lengths of name and extra field.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(path.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    local.push(Buffer.from('PK\u0003\u0004'), common, path, data);
    central.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), common, tail, path);
    offset += 4 + common.length + path.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  const count = Object.keys(files).length;
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from('PK\u0005\u0006'), end]);
}
