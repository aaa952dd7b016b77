import type {Messages} from './message.js';

/** Runs that are shared out, and the workers that score them. */
export const queue = {
  'CVL-Q001': {
    title: 'no queue is named, or its address is none',
    cause:
      'Neither `--queue` nor CV_LOSS_QUEUE holds an address, or what they hold is no URL of Redis. It is not repeated, as it may hold a password.',
    remedy:
      'Write `redis://HOST:PORT`, or `rediss://` for TLS; percent-encode what is special in a user or a password.',
  },
  'CVL-Q002': {
    title: 'the queue cannot be reached',
    cause:
      'Nobody listens there, the name is not known, or the certificate is not trusted; the line has what the system says.',
    remedy: 'Check host, port and network; for an authority of your own name its PEM file in CV_LOSS_QUEUE_CA.',
  },
  'CVL-Q003': {
    title: 'the queue lets nobody in with this user and password',
    cause: 'User or password are wrong or missing.',
    remedy: 'Put them into the address in CV_LOSS_QUEUE, or the password alone into CV_LOSS_QUEUE_PASSWORD.',
  },
  'CVL-Q004': {
    title: 'a run of another version of cv-loss',
    cause: 'The worker is of another version than the command that shared the run out, and could make other rows.',
    remedy: 'Install the same version on every machine. The shard is back in the queue.',
  },
  'CVL-Q005': {
    title: 'a worker that would make other rows',
    cause: 'Node, the device, an image library or a network differ from those of the command that shared the run out.',
    remedy:
      'Bring what the line names to the same state, or share the run out from a machine like the workers. The shard is back in the queue.',
  },
  'CVL-Q006': {
    title: 'a worker without a plugin of the run',
    cause: 'Workers load only what their own `--plugin` names, and its SHA-256 must be that of the run.',
    remedy: 'Start the worker with `--plugin FILE` of the same content.',
  },
  'CVL-Q007': {
    title: "the run's folder cannot be read",
    cause: 'The worker does not see the folder that the machines of the run share, or it is of another version.',
    remedy: 'Mount it, and say with `--map /there=/here` where it lies; `--shared` of `eval` chooses another one.',
  },
  'CVL-Q008': {
    title: 'a run that cannot be shared out',
    cause: 'A row of a whole set needs all of it, and workers keep no images of generators.',
    remedy: 'Run it without `--queue`.',
  },
} satisfies Messages;
