import type {Options, SingleBar} from 'cli-progress';
import {terminalText} from '../printable.js';
import {secondsText} from './number-text.js';
import {log} from './streams.js';

/** What the command tells of a run under way. */
export interface Progress {
  /** Begins a bar, in place of one that is there. `unit` is what a step is, in the plural; `doing` what is done. */
  start(total: number, unit: string, doing?: string): void;
  step(): void;
  /** A line of log, above the bar. */
  log(line: string): void;
  stop(): void;
}

/**
 * A bar with steps/s and time left on a terminal's stderr; nothing elsewhere or when `quiet`. `doing` is what it says
 * is done, unless a start says another thing.
 */
export async function makeProgress(doing: 'scoring' | 'mining' | 'merging', quiet: boolean): Promise<Progress> {
  if (quiet || !process.stderr.isTTY) return {start() {}, step() {}, log, stop() {}};
  const {SingleBar: Bar} = await import('cli-progress');
  let bar: SingleBar | null = null;
  let steps = 0;
  return {
    start(total, unit, now = doing) {
      bar?.stop();
      steps = 0;
      bar = new Bar(barOptions(unit, now));
      bar.start(total, 0);
    },
    step() {
      // A manifest of tuples may name an item in many rows.
      if (bar && ++steps > bar.getTotal()) bar.setTotal(steps);
      bar?.increment();
    },
    log(line) {
      // The bar ends by going back to where the cursor was saved at its start: that is below the line now.
      if (bar?.isActive) process.stderr.write(`\r\u001b[K${terminalText(line)}\n\u001b7`);
      else log(line);
    },
    stop: () => bar?.stop(),
  };
}

function barOptions(unit: string, doing: string): Options {
  return {
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
  };
}
