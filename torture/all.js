/** Every torture, one after another; exit code 1 when one finds something. About two hours on two cores. Needs `cv-loss setup tensorflow`. */
import {tortureDevice} from './device.js';
import {tortureFaults} from './faults.js';
import {tortureImages} from './images.js';
import {tortureJournal} from './journal.js';
import {tortureKills} from './kills.js';
import {tortureLarge} from './large.js';
import {tortureQueue} from './queue.js';
import {tortureRows} from './rows.js';
import {tortureShards} from './shards.js';
import {tortureSoak} from './soak.js';

const problems = [];
for (const error of ['EIO', 'ENOSPC', 'EACCES']) problems.push(...(await tortureFaults(error)));
for (const torture of [
  tortureImages,
  tortureShards,
  tortureJournal,
  tortureSoak,
  tortureLarge,
  tortureDevice,
  tortureRows,
  tortureKills,
  tortureQueue,
])
  problems.push(...(await torture()));
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'nothing went wrong' : `${problems.length} went wrong`);
process.exitCode = problems.length > 0 ? 1 : 0;
