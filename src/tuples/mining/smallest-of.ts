/** The smallest `size` of the numbers offered. A binary heap with the largest of them on top. */
export class SmallestOf {
  private readonly heap: number[] = [];

  constructor(private readonly size: number) {}

  /** The largest of the smallest; Infinity until there are `size` of them. */
  get bound(): number {
    return this.heap.length < this.size ? Infinity : (this.heap[0] as number);
  }

  offer(value: number): void {
    const {heap, size} = this;
    if (heap.length < size) this.rise(heap.push(value) - 1, value);
    else if (value < (heap[0] as number)) this.sink(value);
  }

  private rise(from: number, value: number): void {
    const {heap} = this;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((heap[parent] as number) >= value) break;
      heap[at] = heap[parent] as number;
      at = parent;
    }
    heap[at] = value;
  }

  private sink(value: number): void {
    const {heap} = this;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && (heap[child + 1] as number) > (heap[child] as number)) child++;
      if ((heap[child] as number) <= value) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = value;
  }
}
