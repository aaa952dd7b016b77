import {cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** A copy of the built package with packages of its own beside it, to break. */
export class Installation {
  private readonly root = mkdtempSync(join(tmpdir(), 'cv-loss-installation-'));
  /** The command, for bash. */
  readonly command = `"${process.execPath}" "${join(this.root, 'bin', 'cv-loss.js')}"`;

  /** `cleanUp`: vitest's onTestFinished. `without`: packages that are not installed. */
  constructor(cleanUp: (remove: () => void) => void, without: readonly string[] = []) {
    cleanUp(() => rmSync(this.root, {recursive: true, force: true}));
    for (const name of ['dist', 'bin', 'package.json']) {
      cpSync(join(repository, name), this.path(name), {recursive: true});
    }
    symlinkSync(join(repository, 'weights'), this.path('weights'));
    const modules = join(repository, 'node_modules');
    for (const name of readdirSync(modules).filter((entry) => !entry.startsWith('.'))) {
      const packages = name.startsWith('@')
        ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`)
        : [name];
      for (const each of packages.filter((one) => !without.includes(one))) this.link(join(modules, each), each);
    }
  }

  path(...names: string[]): string {
    return join(this.root, ...names);
  }

  /** Installs a package whose main file holds this code. */
  install(name: string, code: string): void {
    const folder = this.path('node_modules', name);
    mkdirSync(folder, {recursive: true});
    writeFileSync(join(folder, 'package.json'), JSON.stringify({name, version: '4.22.0', main: 'main.cjs'}));
    writeFileSync(join(folder, 'main.cjs'), code);
  }

  /** Changes the text of a file of the package itself. */
  edit(name: string, from: string, to: string): void {
    const text = readFileSync(this.path(name), 'utf8');
    if (!text.includes(from)) throw new Error(`${name} does not contain ${from}`);
    writeFileSync(this.path(name), text.replace(from, to));
  }

  private link(target: string, name: string): void {
    const path = this.path('node_modules', name);
    mkdirSync(join(path, '..'), {recursive: true});
    symlinkSync(target, path);
  }
}
