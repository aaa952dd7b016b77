// Loaded before a program (`node --import`): writes what its process used, threads included, to the file that CV_LOSS_USAGE names.
import {writeFileSync} from 'node:fs';

process.on('exit', () => {
  const {userCPUTime, systemCPUTime, maxRSS, fsRead} = process.resourceUsage();
  writeFileSync(
    process.env.CV_LOSS_USAGE,
    JSON.stringify({cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakBytes: maxRSS * 1024, blocksRead: fsRead}),
  );
});
