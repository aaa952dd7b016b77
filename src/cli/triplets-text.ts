import {notice} from '../notice.js';
import type {TripletCount} from '../triplets.js';
import type {MiningOptions} from '../tuples/mining/strategy.js';

/** What was mined, in a line. */
export function tripletsLine({triplets, anchors, unused}: TripletCount, options: MiningOptions, out: string): string {
  const {strategy, margin, measure, normalize} = options;
  const within = strategy === 'semi-hard' ? `, margin ${margin}` : '';
  const space = `${measure}${normalize ? '' : ', not normalized'}`;
  const place = out === '-' ? '' : ` in ${out}`;
  return `${counted(triplets, 'triplet')} (${strategy}${within}, ${space}) of ${counted(anchors - unused, 'anchor')}${place}`;
}

/** What a person should know beside it, a line each. */
export function tripletNotices({triplets, anchors, without, unused}: TripletCount, options: MiningOptions): string[] {
  const {strategy, count} = options;
  const lines: string[] = [];
  if (without > 0) {
    const [have, are] = without === 1 ? ['has', 'is no anchor'] : ['have', 'are no anchors'];
    lines.push(
      notice('CVL-W025', `${without} of ${anchors + without} embeddings ${have} no other of the same label and ${are}`),
    );
  }
  if (Number.isFinite(count)) {
    if (triplets < count)
      lines.push(notice('CVL-W026', `${counted(triplets, 'triplet')} in all, fewer than --count ${count}`));
  } else if (unused > 0) {
    lines.push(notice('CVL-W027', `${counted(unused, 'anchor')} of ${anchors} without ${WITHOUT[strategy]}`));
  }
  return lines;
}

const WITHOUT: Readonly<Record<MiningOptions['strategy'], string>> = {
  all: 'a triplet',
  random: 'a triplet',
  hard: 'a hard triplet',
  'semi-hard': 'a semi-hard triplet',
  'distance-weighted': 'a negative nearer than 1.4, which alone have a weight',
};

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
