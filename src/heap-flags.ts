import {setFlagsFromString} from 'node:v8';

// For the processes of this program, not for those of who imports the library.

// Nobody waits for this program within a millisecond: marking garbage in small steps would only take longer in all.
setFlagsFromString('--no-incremental-marking');
// Garbage may be a third of what is in use, not several times as much: a run of a million rows stays small.
setFlagsFromString('--heap-growing-percent=30');
