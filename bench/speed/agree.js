/** Float32 peers are within this of float64 sums, relative. */
const tolerance = 1e-4;

/** Throws unless the mean values that two contenders have in common agree: a table of wrong numbers is worth nothing. */
export function agree(one, other) {
  for (const [id, mean] of Object.entries(other.means ?? {})) {
    const ours = one.means?.[id];
    if (ours === undefined) continue;
    if (!(Math.abs(ours - mean) <= tolerance * Math.abs(mean))) {
      throw new Error(`${id}: ${one.name} has ${ours}, ${other.name} has ${mean}`);
    }
  }
}
