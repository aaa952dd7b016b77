import {createHash} from 'node:crypto';
import {createWriteStream} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {Transform} from 'node:stream';
import {text} from 'node:stream/consumers';
import {pipeline} from 'node:stream/promises';
import {UsageError} from '../errors.js';
import {Http, PassingError} from '../networks/pull/http.js';
import {newestOf, wheelsOn} from './index-page.js';
import {pipIndex} from './pip-settings.js';
import type {Requirement} from './requirement.js';
import {errorLine, runProgram} from './run-program.js';

/** Where wheels come from. */
export interface WheelSource {
  /** The newest wheel for linux-x64 that fulfils a requirement, into an empty folder. Its path. Throws UsageError. */
  fetch(requirement: Requirement, folder: string): Promise<string>;
}

/** Wheels of this Python there are for every TensorFlow since 2.12; its own part of them is not used. */
const PYTHON = '3.11';
const ATTEMPTS = 3;

/** pip, with the index that it is configured for; it checks the hashes of that. */
export function pipSource(python: string, signal: AbortSignal): WheelSource {
  return {
    async fetch({name, versions}, folder) {
      const options = ['--no-deps', '--only-binary=:all:', '--python-version', PYTHON, '--disable-pip-version-check'];
      const args = ['-m', 'pip', 'download', '-q', ...options, '-d', folder, `${name}${versions}`];
      const {code, output} = await runProgram(python, args, {signal});
      if (code !== 0)
        throw noSuchRelease(`${name}${versions}`, output) ?? notFetched(`${name}${versions}`, errorLine(output));
      const [file] = (await readdir(folder)).filter((one) => one.endsWith('.whl'));
      if (file === undefined) throw notFetched(`${name}${versions}`, 'pip left no wheel');
      return join(folder, file);
    },
  };
}

/** An index's pages, without pip. */
export function indexSource(signal: AbortSignal, index: string = pipIndex()): WheelSource {
  return {
    async fetch(requirement, folder) {
      const {name, versions} = requirement;
      const what = `${name}${versions}`;
      const address = new URL(`${index.replace(/\/+$/, '')}/${name}/`);
      const page = await attempts(what, (http) => http.get(address, null).then(({body}) => text(body)));
      const wheel = newestOf(wheelsOn(page, address), requirement);
      if (wheel === null) throw notFetched(what, 'the index has no such wheel for linux-x64');
      const path = join(folder, wheel.file);
      const sha256 = await attempts(what, (http) => download(http, wheel.url, path, signal));
      if (wheel.sha256 !== null && sha256 !== wheel.sha256) {
        throw notFetched(what, `${wheel.file} has the SHA-256 ${sha256}, the index says ${wheel.sha256}`);
      }
      return path;
    },
  };
}

async function download(http: Http, url: URL, path: string, signal: AbortSignal): Promise<string> {
  const {body} = await http.get(url, null);
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(body, hashing, createWriteStream(path), {signal}).catch((error) => {
    signal.throwIfAborted();
    throw http.passing(url, error);
  });
  return hash.digest('hex');
}

async function attempts<Result>(what: string, work: (http: Http) => Promise<Result>): Promise<Result> {
  const http = new Http();
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work(http);
      } catch (error) {
        if (!(error instanceof PassingError) || attempt === ATTEMPTS) throw error;
      }
    }
  } catch (error) {
    if (error instanceof Error && error.name !== 'Interrupted') throw notFetched(what, error.message, error);
    throw error;
  } finally {
    await http.close();
  }
}

/** Where pip lists the releases that the index has; null where the index was not reached. */
function noSuchRelease(what: string, output: string): UsageError | null {
  const [, offered = ''] = /\(from versions: ([^)]*)\)/.exec(output) ?? [];
  const releases = offered.split(', ').filter((version) => /^[\d.]+$/.test(version));
  if (releases.length === 0) return null;
  const range = releases.length === 1 ? releases[0] : `${releases[0]} to ${releases.at(-1)}`;
  return new UsageError('CVL-D007', `setup tensorflow: there is no ${what} for linux-x64; the index has ${range}`);
}

function notFetched(what: string, reason: string, cause?: unknown): UsageError {
  const remedy = 'without a network: --from FILE.whl';
  return new UsageError('CVL-D007', `setup tensorflow: cannot get ${what}: ${reason} (${remedy})`, {cause});
}
