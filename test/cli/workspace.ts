import {mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import sharp from 'sharp';
import {type Finished, finished, type Surroundings, startCvLoss, startShell} from './cv-loss.js';
import {type CsvRow, parseRows} from './rows.js';

/** An image of 8 bits a channel, 1 or 3 channels. */
export interface Pixels {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** The path of a fixture. */
export function fixture(...names: string[]): string {
  return join(fileURLToPath(new URL('../../fixtures', import.meta.url)), ...names);
}

/** A working directory and a home of their own for runs of `cv-loss`. */
export class Workspace {
  private readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'cv-loss-cli-')));
  readonly home = join(this.root, 'home');

  /** `cleanUp`: vitest's afterAll or onTestFinished. */
  constructor(cleanUp: (remove: () => void) => void) {
    mkdirSync(this.home);
    mkdirSync(this.path());
    cleanUp(() => rmSync(this.root, {recursive: true, force: true}));
  }

  /** A path in the working directory, itself when nothing is named. */
  path(...names: string[]): string {
    return join(this.root, 'work', ...names);
  }

  /** Writes a file, with the folders above it. */
  write(name: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.path(name)), {recursive: true});
    writeFileSync(this.path(name), content);
  }

  /** Writes a PNG. */
  async image(name: string, {height, width, channels, data}: Pixels): Promise<void> {
    const raw = sharp(data, {raw: {height, width, channels}});
    this.write(
      name,
      await raw
        .toColourspace(channels === 1 ? 'b-w' : 'srgb')
        .png()
        .toBuffer(),
    );
  }

  read(...names: string[]): string {
    return readFileSync(this.path(...names), 'utf8');
  }

  json(...names: string[]): unknown {
    return JSON.parse(this.read(...names));
  }

  /** The rows of a report, by key. */
  rows(report = 'cv-loss-report'): Map<string, CsvRow> {
    return parseRows(this.read(report, 'rows.csv'));
  }

  /** Every file and folder in the working directory and the home, sorted. */
  contents(): string[] {
    return readdirSync(this.root, {recursive: true}).map(String).sort();
  }

  surroundings(extra: Partial<Surroundings> = {}): Surroundings {
    return {cwd: this.path(), home: this.home, ...extra};
  }

  /** Runs `cv-loss` to its end. */
  run(args: readonly string[], extra?: Partial<Surroundings>): Promise<Finished> {
    return finished(startCvLoss(args, this.surroundings(extra)));
  }

  /** Runs a bash script to its end; `cv-loss` is a command in it. */
  shell(script: string, extra?: Partial<Surroundings>): Promise<Finished> {
    return finished(startShell(script, this.surroundings(extra)));
  }
}
