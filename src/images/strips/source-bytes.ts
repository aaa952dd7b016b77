import {closeSync, fstatSync, openSync} from 'node:fs';
import type {PixelData} from '../../kernels/view.js';
import {unreadableFile} from '../stored.js';
import {FileElements, type MakeRoom} from './file-elements.js';

/** The bytes of an image file, read as they are asked for: SampleError `unreadable-file` where the system does not give them. */
class SourceBytes extends FileElements {
  constructor(
    file: number,
    private readonly shown: string,
    room: MakeRoom,
  ) {
    super({file, offset: 0, array: Uint8Array, length: fstatSync(file).size}, room);
  }

  override subarray(start: number, end: number): PixelData {
    try {
      return super.subarray(start, end);
    } catch (error) {
      throw ofSystem(error) ? unreadableFile(error, this.shown) : error;
    }
  }
}

/**
 * Gives the bytes of a file to a step, which may read them until it ends. Throws as the step does, and SampleError
 * `unreadable-file` for a file that the system does not let be opened or read.
 */
export async function readingSource<Value>(
  path: string,
  shown: string,
  room: MakeRoom,
  step: (bytes: FileElements) => Promise<Value>,
): Promise<Value> {
  const file = opened(path, shown);
  try {
    return await step(new SourceBytes(file, shown, room));
  } finally {
    closeSync(file);
  }
}

function opened(path: string, shown: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw unreadableFile(error, shown);
  }
}

function ofSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
