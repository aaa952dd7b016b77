import {channel} from 'node:diagnostics_channel';

/** Told when threads that score have started: from then on the process that has them hands samples out and writes rows. */
export const threadsStarted = channel('cv-loss:threads-started');
