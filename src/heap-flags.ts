import {setFlagsFromString} from 'node:v8';
import {threadsStarted} from './run/threads/started.js';

// For the processes of this program, not for those of who imports the library.

// Nobody waits for this program within a millisecond: marking garbage in small steps would only take longer in all.
setFlagsFromString('--no-incremental-marking');
// Garbage may be a third of what is in use, not several times as much: a run of a million rows stays small.
setFlagsFromString('--heap-growing-percent=30');
// Once threads score, new objects need no more room than they have, here and in the threads, and would go on taking more for a
// minute.
threadsStarted.subscribe(() => setFlagsFromString('--semi-space-growth-factor=1'));
