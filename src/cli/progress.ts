import {SingleBar} from 'cli-progress';
import {secondsText} from './number-text.js';

/** What the command tells of a run under way. */
export interface Progress {
  /** `unit` is what a step is, in the plural. */
  start(total: number, unit: string): void;
  step(): void;
  stop(): void;
}

/**
 * A bar with steps/s and time left on a terminal's stderr; nothing elsewhere or when `quiet`. `doing` is what it says
 * is done.
 */
export function makeProgress(doing: 'scoring' | 'mining' | 'merging', quiet: boolean): Progress {
  if (quiet || !process.stderr.isTTY) return {start() {}, step() {}, stop() {}};
  let unit = 'pairs';
  let steps = 0;
  const bar = new SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    format: (_options, {progress, value, total, startTime}) => {
      const width = 24;
      const filled = Math.round(progress * width);
      const seconds = Math.max(1e-3, (Date.now() - Number(startTime)) / 1000);
      const rate = value / seconds;
      const left = rate > 0 ? secondsText((total - value) / rate) : '…';
      return `${doing} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${value}/${total} · ${rate.toFixed(1)} ${unit}/s · ${left} left`;
    },
  });
  return {
    start: (total, name) => {
      unit = name;
      bar.start(total, 0);
    },
    step: () => {
      // A manifest of tuples may name an item in many rows.
      if (++steps > bar.getTotal()) bar.setTotal(steps);
      bar.increment();
    },
    stop: () => bar.stop(),
  };
}
