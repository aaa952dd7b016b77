import {readFileSync} from 'node:fs';

const everyMilliseconds = 20;

/** Watches the peak resident memory of a process: the kernel's own high-water mark, on Linux; null elsewhere. */
export function watchPeakMemory(pid) {
  let bytes = null;
  const look = () => {
    try {
      const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      if (kibibytes) bytes = 1024 * Number(kibibytes);
    } catch {
      // Not Linux, or the process has ended.
    }
  };
  const timer = setInterval(look, everyMilliseconds);
  return {
    look() {
      look();
      return bytes;
    },
    stop() {
      clearInterval(timer);
      return bytes;
    },
  };
}
