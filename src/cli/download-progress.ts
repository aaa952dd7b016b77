import {SingleBar} from 'cli-progress';
import type {DownloadProgress} from '../networks/pull/download.js';
import {bytesText} from './bytes-text.js';
import {secondsText} from './number-text.js';

/** What the command tells of a download under way. */
export interface DownloadBar {
  show(progress: DownloadProgress): void;
  stop(): void;
}

/** A bar with bytes, bytes/s and time left on a terminal's stderr; nothing elsewhere or when `quiet`. */
export function downloadProgress(name: string, quiet: boolean): DownloadBar {
  if (quiet || !process.stderr.isTTY) return {show() {}, stop() {}};
  let first: DownloadProgress | null = null;
  const bar = new SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    format: (_options, {progress, value, total, startTime}) => {
      const width = 24;
      const filled = Math.min(width, Math.round(progress * width));
      const seconds = Math.max(1e-3, (Date.now() - Number(startTime)) / 1000);
      // What an earlier pull had fetched tells nothing of the speed.
      const rate = (value - (first?.done ?? 0)) / seconds;
      const left = rate > 0 && total > value ? ` · ${secondsText((total - value) / rate)} left` : '';
      return `${name} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${bytesText(value)}/${bytesText(total)} · ${bytesText(rate)}/s${left}`;
    },
  });
  return {
    show(progress) {
      const total = progress.total ?? progress.done;
      if (first === null) {
        first = progress;
        bar.start(total, progress.done);
      }
      bar.setTotal(total);
      bar.update(progress.done);
    },
    stop: () => bar.stop(),
  };
}
