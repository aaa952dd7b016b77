import {read} from 'node:fs';
import {open} from 'node:fs/promises';
import {Readable} from 'node:stream';
import type {ZipFile} from 'yauzl';

const PIECE_BYTES = 64 * 1024;

/**
 * Opens a ZIP archive. Addresses that lie outside the file end in an error of what reads them: yauzl's own reader throws where
 * nobody can catch it when an archive's 64-bit address is beyond any file. Throws what yauzl and the system throw.
 */
export async function openArchive(path: string): Promise<ZipFile> {
  const {fromRandomAccessReaderPromise, RandomAccessReader} = await import('yauzl');
  const file = await open(path);
  const {size} = await file.stat();
  const outside = (start: number, end: number) =>
    start >= 0 && start <= end && end <= size ? null : new Error(`bytes ${start} to ${end} of ${size}`);

  class FileRanges extends RandomAccessReader {
    override _readStreamForRange(start: number, end: number): Readable {
      const error = outside(start, end);
      return error ? new Readable().destroy(error) : pieces(file.fd, start, end);
    }

    override read(
      buffer: Buffer,
      offset: number,
      length: number,
      position: number,
      callback: (error: Error | null, bytesRead: number) => void,
    ): void {
      const error = outside(position, position);
      if (error) setImmediate(callback, error, 0);
      else read(file.fd, buffer, offset, length, position, callback);
    }

    override close(callback: (error: Error | null) => void): void {
      file.close().then(() => callback(null), callback);
    }
  }

  try {
    return await fromRandomAccessReaderPromise(new FileRanges(), size, {autoClose: false});
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** A stretch of an open file, which stays open when the stream is destroyed. */
function pieces(fd: number, start: number, end: number): Readable {
  let place = start;
  return new Readable({
    read() {
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, end - place));
      if (piece.length === 0) {
        this.push(null);
        return;
      }
      read(fd, piece, 0, piece.length, place, (error, bytesRead) => {
        if (error || bytesRead === 0) this.destroy(error ?? new Error(`the file ends at ${place}`));
        else {
          place += bytesRead;
          this.push(piece.subarray(0, bytesRead));
        }
      });
    },
  });
}
