/** Numbers from 0 on, each in a set of its own until joined (union-find). A set is named by its smallest member. */
export class DisjointSets {
  size = 0;
  private parents = new Int32Array(1024);

  /** Adds the next `count` numbers. */
  add(count: number): void {
    const size = this.size + count;
    if (size > this.parents.length) {
      const larger = new Int32Array(2 * size);
      larger.set(this.parents);
      this.parents = larger;
    }
    for (let i = this.size; i < size; i++) this.parents[i] = i;
    this.size = size;
  }

  /** Whether the two were in different sets. */
  join(a: number, b: number): boolean {
    const ofA = this.find(a);
    const ofB = this.find(b);
    if (ofA < ofB) this.parents[ofB] = ofA;
    else this.parents[ofA] = ofB;
    return ofA !== ofB;
  }

  /** The smallest member of the set, halving the path on the way. */
  find(start: number): number {
    const {parents} = this;
    let i = start;
    while (parents[i] !== i) {
      const grandparent = parents[parents[i] as number] as number;
      parents[i] = grandparent;
      i = grandparent;
    }
    return i;
  }
}
