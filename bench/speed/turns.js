import {agree} from './agree.js';
import {spread} from './spread.js';

/**
 * Lets contenders, `{name, open}`, take turns for some rounds, so that a machine whose speed drifts slows them all; the
 * first round warms up and is not counted. Values that they share must agree. Ratios are made within a round: how many
 * times as long as the first contender each took.
 */
export async function takeTurns(contenders, rounds) {
  const counted = [];
  const opened = [];
  try {
    for (const {open} of contenders) opened.push(await open());
    for (let round = 0; round <= rounds; round++) {
      const passes = [];
      for (const [i, {pass}] of opened.entries()) {
        passes.push({...(await pass()), name: contenders[i].name});
        agree(passes[0], passes[i]);
      }
      if (round > 0) counted.push(passes);
    }
  } finally {
    for (const {close} of opened) close?.();
  }
  return contenders.map(({name}, i) => ({
    name,
    seconds: spread(counted.map((passes) => passes[i].seconds)),
    times_as_long: spread(counted.map((passes) => passes[i].seconds / passes[0].seconds)),
    peak_bytes: Math.max(...counted.map((passes) => passes[i].peakBytes ?? 0)) || null,
  }));
}
