import {commandLine} from './command-line.js';
import {config} from './config.js';
import {devices} from './devices.js';
import type {Message} from './message.js';
import {models} from './models.js';
import {networks} from './networks.js';
import {notices} from './notices.js';
import {queue} from './queue.js';
import {reports} from './reports.js';
import {rowReasons} from './row-reasons.js';
import {runReasons} from './run-reasons.js';
import {samples} from './samples.js';
import {tensors} from './tensors.js';
import {vectors} from './vectors.js';

/** Mistakes in the command, the config or the environment, by code. */
const usageMessages = {
  ...commandLine,
  ...config,
  ...samples,
  ...vectors,
  ...networks,
  ...models,
  ...devices,
  ...reports,
  ...queue,
  ...tensors,
};

/** The code of a UsageError. */
export type UsageCode = keyof typeof usageMessages;

/** The code of a line that warns; the command goes on. */
export type NoticeCode = keyof typeof notices;

/** The name of a RunError, which its line begins with. */
export type RunReason = keyof typeof runReasons;

/** A message as it is listed and explained. */
export interface ListedMessage extends Message {
  readonly code: string;
  /** The name that rows and lines begin with; null where the code is all. */
  readonly name: string | null;
  /** What it ends in: the exit code of the command; null where the command goes on. */
  readonly exit: 2 | 3 | 4 | null;
}

/** Every message, by area in the order of `AREAS`. */
export function allMessages(): readonly ListedMessage[] {
  return [
    ...Object.entries(usageMessages).map(([code, message]) => ({code, name: null, exit: 2 as const, ...message})),
    ...Object.entries(rowReasons).map(([name, message]) => ({name, exit: 3 as const, ...message})),
    ...Object.entries(runReasons).map(([name, message]) => ({name, exit: 4 as const, ...message})),
    ...Object.entries(notices).map(([code, message]) => ({code, name: null, exit: null, ...message})),
  ];
}

/** What the letter of a code stands for. */
export const AREAS: Readonly<Record<string, string>> = {
  A: 'Command line',
  C: 'Config and losses',
  S: 'Images and manifests',
  V: 'Embeddings, scores and labels',
  N: 'Networks and weights',
  M: 'Models of your own',
  D: 'Devices and set-up',
  R: 'Reports, baselines and shards',
  Q: 'Queues and workers',
  T: 'Losses as functions of tensors',
  F: 'Failed rows',
  X: 'Could not finish',
  W: 'Notices',
};
