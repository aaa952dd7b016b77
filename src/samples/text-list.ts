/** Texts of a block: what reading one out of order may have to go through. */
const BLOCK = 64;

/** What a text may take from the one before it, and how long a block may be, in a byte and in two. */
const MOST_SHARED = 0xff;
const NARROW = 0xffff;

/**
 * Texts in the order in which they were added, in a few bytes each: one that begins like the one before it is kept as
 * what differs, as paths and keys in order do. A million file names take some tens of megabytes, and none of them is an
 * object that the garbage collector looks at.
 */
export class TextList implements Iterable<string> {
  #length = 0;
  /** Of each text, how many code units it takes from the one before it in its block. */
  #shared = new Uint8Array(BLOCK);
  /** Of each text, where what differs ends in the text of its block; wider once a block is longer than this holds. */
  #ends: Uint16Array | Uint32Array = new Uint16Array(BLOCK);
  readonly #blocks: string[] = [];
  #open: string[] = [];
  #openLength = 0;
  #last = '';
  /** The text that was read last, which the next one is made of. */
  #read = {at: -1, text: ''};

  get length(): number {
    return this.#length;
  }

  push(text: string): void {
    const at = this.#length;
    if (at === this.#ends.length) {
      this.#shared = copied(this.#shared, new Uint8Array(2 * at));
      this.#ends = copied(this.#ends, this.#isWide ? new Uint32Array(2 * at) : new Uint16Array(2 * at));
    }
    const shared = at % BLOCK === 0 ? 0 : commonStart(this.#last, text);
    const rest = text.slice(shared);
    this.#open.push(rest);
    this.#openLength += rest.length;
    if (this.#openLength > NARROW && !this.#isWide) this.#ends = copied(this.#ends, new Uint32Array(this.#ends.length));
    this.#shared[at] = shared;
    this.#ends[at] = this.#openLength;
    this.#last = text;
    this.#length++;
    if (this.#length % BLOCK > 0) return;
    this.#blocks.push(this.#open.join(''));
    this.#open = [];
    this.#openLength = 0;
  }

  /** The text at a place; undefined past the end. Quick where places rise one by one. */
  at(place: number): string | undefined {
    if (!(place >= 0 && place < this.#length)) return undefined;
    const first = place - (place % BLOCK);
    const follows = this.#read.at >= first && this.#read.at <= place;
    let {at, text} = follows ? this.#read : {at: first - 1, text: ''};
    while (at < place) {
      at++;
      text = text.slice(0, this.#shared[at]) + this.#rest(at, first);
    }
    this.#read = {at, text};
    return text;
  }

  *[Symbol.iterator](): Generator<string> {
    for (let place = 0; place < this.#length; place++) yield this.at(place) as string;
  }

  get #isWide(): boolean {
    return this.#ends instanceof Uint32Array;
  }

  #rest(at: number, first: number): string {
    const block = this.#blocks[first / BLOCK];
    if (block === undefined) return this.#open[at - first] as string;
    return block.slice(at === first ? 0 : this.#ends[at - 1], this.#ends[at]);
  }
}

/** The places of texts in ascending order of code units, equal ones in the order in which they were added. */
export function ascendingPlaces(texts: TextList): Uint32Array {
  const places = Uint32Array.from({length: texts.length}, (_, place) => place);
  if (isAscending(texts)) return places;
  const all = [...texts];
  return places.sort((a, b) => {
    const [one, other] = [all[a] as string, all[b] as string];
    if (one === other) return a - b;
    return one < other ? -1 : 1;
  });
}

function isAscending(texts: TextList): boolean {
  let before = '';
  for (const text of texts) {
    if (text < before) return false;
    before = text;
  }
  return true;
}

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length, MOST_SHARED);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

function copied<Numbers extends Uint8Array | Uint16Array | Uint32Array>(
  from: Uint8Array | Uint16Array | Uint32Array,
  to: Numbers,
): Numbers {
  to.set(from);
  return to;
}
