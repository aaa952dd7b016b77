import {createHash} from 'node:crypto';

/** Names that Windows keeps for devices, whatever follows a dot. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** What every file system takes, and no shell, address or page reads as anything else. */
const PLAIN = /[^A-Za-z0-9_.\-+=@ ]/gu;

/** Bytes of a name that leave room for an extension and a temporary's name. */
const LONGEST = 160;

/**
 * The path of a file named after a key, with `/` between folders: other characters than letters, digits and `_.-+=@ ` become
 * `%XX` of their UTF-8 bytes, so do a dot at the beginning and a dot or a blank at the end; different keys have different paths. A
 * name that is too long ends in its hash. Never leaves the folder that it is put into.
 */
export function safePath(key: string): string {
  const [file = '', ...folders] = key.split('/').map(safeName).reverse();
  // A folder may not have the name of another key's picture.
  return [...folders.reverse().map((name) => name.replace(/\.(?=png$)/i, '%2E')), file].join('/');
}

function safeName(name: string): string {
  const plain = name
    .replace(PLAIN, (character) => escaped(character))
    .replace(/^[. ]|[. ]$/g, (character) => escaped(character));
  const safe = plain === '' ? '%' : DEVICES.test(plain) ? escaped(plain[0] as string) + plain.slice(1) : plain;
  if (safe.length <= LONGEST) return safe;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${safe.slice(0, LONGEST - 17).replace(/%.?$/, '')}~${hash}`;
}

function escaped(character: string): string {
  return Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
