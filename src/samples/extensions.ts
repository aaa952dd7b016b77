import path from 'node:path';

/** The extensions, in lower case, of the files that count as samples when a folder or a glob is searched. */
export const IMAGE_EXTENSIONS: readonly string[] = [
  ...['.png', '.jpg', '.jpeg', '.webp', '.avif', '.tif', '.tiff', '.bmp'],
  ...['.pnm', '.pbm', '.pgm', '.ppm', '.pam', '.pfm', '.npy', '.npz'],
];

const known: ReadonlySet<string> = new Set(IMAGE_EXTENSIONS);

/** Whether a file name ends in an image or array extension, in any case. */
export function hasImageExtension(name: string): boolean {
  return known.has(path.extname(name).toLowerCase());
}

/** A name or path without its last extension; a name that is only an extension (`.png`) is kept. */
export function withoutExtension(name: string): string {
  const extension = path.posix.extname(name);
  return extension === '' ? name : name.slice(0, -extension.length);
}
