import {cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The fields of a loss as source code: the number of its `scale` option for every sample. */
const FIELDS: Readonly<Record<string, string>> = {
  id: "'own'",
  family: "'pixel'",
  better: "'lower'",
  summary: "'A loss of my own'",
  formula: "'scale'",
  reference: "'none'",
  undefinedWhen: "'never'",
  inputs: "{pred: 'pixels', target: 'pixels'}",
  objective: "'itself'",
  options: "z.strictObject({scale: z.number().default(0.5).describe('the value')})",
  create: `(options) => ({
    columns: [{part: '', better: 'lower'}],
    view: {color: 'rgb', range: [0, 1], cropBorder: 0},
    memory: () => 1,
    perSample: async (batch) => ({'': batch.samples.map(() => options.scale)}),
  })`,
};

/** The source of a loss with other fields; null leaves one out. */
export function lossCode(changes: Readonly<Record<string, string | null>> = {}): string {
  const fields = Object.entries({...FIELDS, ...changes}).filter(([, code]) => code !== null);
  return `{${fields.map(([name, code]) => `${name}: ${code}`).join(', ')}}`;
}

/** The source of a module that gives that loss. */
export function pluginCode(changes: Readonly<Record<string, string | null>> = {}, zod = 'zod'): string {
  return `import {z} from '${zod}';\nexport default ${lossCode(changes)};\n`;
}

/** A folder that has zod, a copy of zod under the name `other-zod`, and cv-loss itself, installed as packages. */
export class PluginFolder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'cv-loss-plugins-')));

  constructor(cleanUp: (remove: () => void) => void) {
    mkdirSync(join(this.path, 'node_modules'));
    symlinkSync(join(root, 'node_modules', 'zod'), join(this.path, 'node_modules', 'zod'));
    symlinkSync(root, join(this.path, 'node_modules', 'cv-loss'));
    cleanUp(() => rmSync(this.path, {recursive: true, force: true}));
  }

  /** Installs a second copy of zod. */
  copyZod(): void {
    const source = realpathSync(join(root, 'node_modules', 'zod'));
    const isRead = (file: string) => !/\.(cjs|ts|cts|map)$|\/src$/.test(file);
    cpSync(source, join(this.path, 'node_modules', 'other-zod'), {recursive: true, filter: isRead});
  }

  write(name: string, text: string): string {
    const file = join(this.path, name);
    mkdirSync(dirname(file), {recursive: true});
    writeFileSync(file, text);
    return file;
  }
}
