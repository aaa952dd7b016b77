// Loaded before a program (`node --import`): writes what its process used, threads included, to the file that CV_LOSS_USAGE names.
import {readFileSync, writeFileSync} from 'node:fs';

process.on('exit', () => {
  const {userCPUTime, systemCPUTime, maxRSS, fsRead} = process.resourceUsage();
  const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
  const usage = {cpuSeconds, peakBytes: 1024 * (peakKilobytes() ?? maxRSS), blocksRead: fsRead};
  writeFileSync(process.env.CV_LOSS_USAGE, JSON.stringify(usage));
});

/** Of this program alone: what `maxRSS` says begins with the memory of the process that started it. */
function peakKilobytes() {
  try {
    const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return kilobytes === undefined ? null : Number(kilobytes);
  } catch {
    return null;
  }
}
