import {createRequire} from 'node:module';

const require = createRequire(import.meta.url);

/** The version of an installed package, without loading it. */
export function packageVersion(name: string): string {
  return (require(`${name}/package.json`) as {readonly version: string}).version;
}
