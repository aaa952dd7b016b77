import {spawnSync} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, onTestFinished} from 'vitest';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** What a process said that started a device. */
export interface Started {
  /** Of the device, when it started. */
  readonly name?: string;
  readonly gpu?: boolean;
  readonly versions?: Readonly<Record<string, string>>;
  /** The squares of 1, 2, 3, computed on it. */
  readonly squares?: readonly number[];
  /** Of the error, when it did not. */
  readonly error?: string;
  readonly message?: string;
  readonly stderr: string;
}

/** An installation of its own: the built device room, and the packages that the test puts beside it. */
export class Installation {
  private readonly root = mkdtempSync(join(tmpdir(), 'cv-loss-device-'));

  /** `cudaDevices` stands for the GPUs of NVIDIA that the machine shows. */
  constructor(private readonly cudaDevices = '0') {
    onTestFinished(() => rmSync(this.root, {recursive: true, force: true}));
    cpSync(join(repository, 'dist/device'), join(this.root, 'device'), {recursive: true});
    cpSync(join(repository, 'dist/storage'), join(this.root, 'storage'), {recursive: true});
    cpSync(join(repository, 'dist/errors.js'), join(this.root, 'errors.js'));
    writeFileSync(join(this.root, 'package.json'), '{"type": "module"}');
    mkdirSync(join(this.root, 'node_modules/@tensorflow'), {recursive: true});
    for (const name of ['tfjs-core', 'tfjs-backend-wasm', 'tfjs-backend-cpu']) {
      symlinkSync(
        join(repository, 'node_modules/@tensorflow', name),
        join(this.root, 'node_modules/@tensorflow', name),
      );
    }
  }

  /** Installs a package whose main file holds this code, or none. */
  install(name: string, code: string | null): void {
    const folder = join(this.root, 'node_modules', name);
    mkdirSync(folder, {recursive: true});
    writeFileSync(join(folder, 'package.json'), JSON.stringify({name, version: '4.22.0', main: 'main.js'}));
    if (code !== null) writeFileSync(join(folder, 'main.js'), code);
  }

  /** Writes a file of the installation. */
  write(name: string, text: string): void {
    writeFileSync(join(this.root, name), text);
  }

  /** Sets a TensorFlow up: a package whose main file holds this code, as `cv-loss setup tensorflow` leaves it. */
  setUp(code: string, gpu: boolean): void {
    const home = join(this.root, 'home/tensorflow');
    const folder = join(home, 'made');
    const name = join(folder, 'node_modules/@tensorflow/tfjs-node');
    mkdirSync(name, {recursive: true});
    writeFileSync(join(name, 'package.json'), JSON.stringify({name, version: '4.22.0', main: 'main.js'}));
    writeFileSync(join(name, 'main.js'), code);
    writeFileSync(join(folder, 'setup.json'), JSON.stringify({gpu}));
    writeFileSync(join(home, 'current.json'), JSON.stringify({folder: 'made'}));
    for (const beside of ['tfjs-core', 'tfjs-backend-cpu']) {
      const link = join(folder, 'node_modules/@tensorflow', beside);
      if (!existsSync(link)) symlinkSync(join(repository, 'node_modules/@tensorflow', beside), link);
    }
  }

  /** Starts a device in a process of its own; `before` runs there first. */
  start(choice: string, before = '', options: {readonly requireGpu?: boolean} = {}): Started {
    const code = `
      ${before}
      const {startDevice} = await import('./device/start.js');
      try {
        const {name, gpu, versions, tf, ready} = await startDevice('${choice}', ${JSON.stringify(options)});
        await ready();
        const squares = Array.from(await tf.square(tf.tensor1d([1, 2, 3])).data());
        console.log(JSON.stringify({name, gpu, versions, squares}));
      } catch (error) {
        console.log(JSON.stringify({error: error.name, message: error.message}));
      }`;
    const {stdout, stderr} = this.node(code);
    return {...(JSON.parse(stdout) as object), stderr};
  }

  /** Runs code in a process of its own that prints JSON and no errors. */
  run(code: string): unknown {
    const {stdout, stderr} = this.node(code);
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  }

  private node(code: string): {readonly stdout: string; readonly stderr: string} {
    const {NODE_PATH: _, ...env} = process.env;
    return spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: this.root,
      env: {...env, CV_LOSS_HOME: join(this.root, 'home'), CUDA_VISIBLE_DEVICES: this.cudaDevices},
      encoding: 'utf8',
    });
  }
}

/** The code of a package that stands for a binding that works: tfjs in JavaScript, as the backend `tensorflow`. */
export function workingBinding({gpu}: {readonly gpu: boolean}): string {
  return `
    const tf = require('@tensorflow/tfjs-core');
    require('@tensorflow/tfjs-backend-cpu');
    tf.registerBackend('tensorflow', () => {
      const backend = tf.findBackendFactory('cpu')();
      backend.isUsingGpuDevice = ${gpu};
      return backend;
    });
    tf.copyRegisteredKernels('cpu', 'tensorflow');
    module.exports = tf;`;
}
