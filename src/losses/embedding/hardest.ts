const KEPT = 10;

/** A tuple by the indices of its items. */
export interface ValuedTuple<Members> {
  readonly members: Members;
  readonly value: number;
}

/** The ten tuples of the largest values above 0, the first offered first among equals. */
export class Hardest<Members> {
  private readonly kept: ValuedTuple<Members>[] = [];

  /** What a value must exceed to be kept. */
  get floor(): number {
    return this.kept.length < KEPT ? 0 : (this.kept[KEPT - 1] as ValuedTuple<Members>).value;
  }

  offer(value: number, members: () => Members): void {
    if (!(value > this.floor)) return;
    const at = this.kept.findIndex((other) => other.value < value);
    this.kept.splice(at < 0 ? this.kept.length : at, 0, {members: members(), value});
    this.kept.length = Math.min(this.kept.length, KEPT);
  }

  /** Largest first. */
  list(): readonly ValuedTuple<Members>[] {
    return this.kept;
  }
}
