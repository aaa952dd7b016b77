/** Which items are of one identity. */
export interface Identities {
  /** The identity of each item, counted from 0 in the order of appearance. */
  readonly of: Int32Array;
  /** The items of each identity, ascending. */
  readonly members: readonly (readonly number[])[];
}

/** Groups items by their label. */
export function identitiesOf(labels: readonly string[]): Identities {
  const ids = new Map<string, number>();
  const members: number[][] = [];
  const of = Int32Array.from(labels, (label, item) => {
    const id = ids.get(label) ?? ids.size;
    if (id === ids.size) {
      ids.set(label, id);
      members.push([]);
    }
    (members[id] as number[]).push(item);
    return id;
  });
  return {of, members};
}

/** The other items of the item's identity, ascending. */
export function positivesOf({of, members}: Identities, item: number): number[] {
  return (members[of[item] as number] as readonly number[]).filter((other) => other !== item);
}
