import {printable} from '../../printable.js';

/** A class or function that a pickle names. It is never loaded: `call` decides what becomes of it. */
export class Global {
  constructor(readonly name: string) {}
}

/** What the names and references of a pickle mean. */
export interface PickleMeaning {
  /** The result of calling a global. Throws RangeError for one that is not expected. */
  call(name: string, args: readonly unknown[]): unknown;
  /** The object of a persistent id. */
  persistent(id: unknown): unknown;
}

/** The mark on the stack. */
const MARK = Symbol('mark');

/**
 * Reads one pickle (protocols 2 to 5) at an offset. Numbers, strings, lists, tuples and dictionaries become their like in
 * JavaScript (arrays and Maps); nothing is executed: whatever would construct an object goes through `meaning`, and the
 * state that would be set on one is dropped. Throws RangeError for a damaged pickle and for operations a state dict has no
 * need of.
 * Reference: CPython, Lib/pickletools.py.
 */
export function readPickle(
  bytes: Buffer,
  offset: number,
  meaning: PickleMeaning,
): {readonly value: unknown; readonly end: number} {
  const reader = new PickleReader(bytes, offset, meaning);
  return {value: reader.run(), end: reader.at};
}

class PickleReader {
  readonly #stack: unknown[] = [];
  readonly #memo = new Map<number, unknown>();

  constructor(
    private readonly bytes: Buffer,
    public at: number,
    private readonly meaning: PickleMeaning,
  ) {}

  run(): unknown {
    for (;;) {
      const code = this.#take(1)[0] as number;
      if (code === STOP) return this.#pop();
      const operation = OPERATIONS.get(code);
      if (!operation) {
        throw new RangeError(`the pickle has the operation 0x${code.toString(16)}, which no state dict needs`);
      }
      operation(this);
    }
  }

  /** The bytes of a field whose length lies before it, in `size` bytes. */
  field(size: 1 | 4): Buffer {
    return this.#take(this.#take(size).readUIntLE(0, size));
  }

  number(read: (bytes: Buffer) => number, size: number): void {
    this.push(read(this.#take(size)));
  }

  skip(count: number): void {
    this.#take(count);
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw cutShort();
    const text = this.bytes.toString('utf8', this.at, end);
    this.at = end + 1;
    return text;
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  remember(size: 0 | 1 | 4): void {
    const key = size === 0 ? this.#memo.size : this.#take(size).readUIntLE(0, size);
    this.#memo.set(key, this.#stack.at(-1));
  }

  recall(size: 1 | 4): void {
    this.push(this.#memo.get(this.#take(size).readUIntLE(0, size)));
  }

  tuple(count: number): void {
    const items = Array.from({length: count}, () => this.#pop());
    this.push(items.toReversed());
  }

  tupleToMark(): void {
    this.push(this.#popToMark());
  }

  append(items: readonly unknown[]): void {
    const list = this.#stack.at(-1);
    if (!Array.isArray(list)) throw damaged();
    for (const item of items) list.push(item);
  }

  appendOne(): void {
    this.append([this.#pop()]);
  }

  appendToMark(): void {
    this.append(this.#popToMark());
  }

  set(items: readonly unknown[]): void {
    const dictionary = this.#stack.at(-1);
    if (!(dictionary instanceof Map)) throw damaged();
    for (let i = 0; i + 1 < items.length; i += 2) dictionary.set(items[i], items[i + 1]);
  }

  setOne(): void {
    const value = this.#pop();
    this.set([this.#pop(), value]);
  }

  setToMark(): void {
    this.set(this.#popToMark());
  }

  call(): void {
    const args = this.#pop();
    const called = this.#pop();
    if (!(called instanceof Global) || !Array.isArray(args)) throw damaged();
    this.push(this.meaning.call(called.name, args));
  }

  global(): void {
    const name = this.#pop();
    this.push(new Global(`${String(this.#pop())}.${String(name)}`));
  }

  persistent(): void {
    this.push(this.meaning.persistent(this.#pop()));
  }

  drop(): void {
    this.#pop();
  }

  #pop(): unknown {
    if (this.#stack.length === 0) throw damaged();
    return this.#stack.pop();
  }

  #popToMark(): unknown[] {
    const at = this.#stack.lastIndexOf(MARK);
    if (at < 0) throw damaged();
    const items = this.#stack.splice(at);
    return items.slice(1);
  }

  mark(): void {
    this.push(MARK);
  }

  #take(count: number): Buffer {
    if (this.at + count > this.bytes.length) throw cutShort();
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }
}

const STOP = 0x2e;

/** By their codes. */
const OPERATIONS: ReadonlyMap<number, (reader: PickleReader) => void> = new Map<number, (reader: PickleReader) => void>(
  [
    [0x80, (reader) => reader.skip(1)],
    [0x95, (reader) => reader.skip(8)],
    [code('('), (reader) => reader.mark()],
    [code('}'), (reader) => reader.push(new Map())],
    [code(']'), (reader) => reader.push([])],
    [code(')'), (reader) => reader.push([])],
    [code('N'), (reader) => reader.push(null)],
    [0x88, (reader) => reader.push(true)],
    [0x89, (reader) => reader.push(false)],
    [code('J'), (reader) => reader.number((bytes) => bytes.readInt32LE(), 4)],
    [code('K'), (reader) => reader.number((bytes) => bytes.readUInt8(), 1)],
    [code('M'), (reader) => reader.number((bytes) => bytes.readUInt16LE(), 2)],
    [code('G'), (reader) => reader.number((bytes) => bytes.readDoubleBE(), 8)],
    [0x8a, (reader) => reader.push(longNumber(reader.field(1)))],
    [code('X'), (reader) => reader.push(reader.field(4).toString('utf8'))],
    [0x8c, (reader) => reader.push(reader.field(1).toString('utf8'))],
    [code('T'), (reader) => reader.push(reader.field(4).toString('latin1'))],
    [code('U'), (reader) => reader.push(reader.field(1).toString('latin1'))],
    [code('q'), (reader) => reader.remember(1)],
    [code('r'), (reader) => reader.remember(4)],
    [0x94, (reader) => reader.remember(0)],
    [code('h'), (reader) => reader.recall(1)],
    [code('j'), (reader) => reader.recall(4)],
    [code('t'), (reader) => reader.tupleToMark()],
    [0x85, (reader) => reader.tuple(1)],
    [0x86, (reader) => reader.tuple(2)],
    [0x87, (reader) => reader.tuple(3)],
    [code('a'), (reader) => reader.appendOne()],
    [code('e'), (reader) => reader.appendToMark()],
    [code('s'), (reader) => reader.setOne()],
    [code('u'), (reader) => reader.setToMark()],
    [code('c'), (reader) => reader.push(new Global(`${reader.line()}.${reader.line()}`))],
    [0x93, (reader) => reader.global()],
    [code('R'), (reader) => reader.call()],
    [0x81, (reader) => reader.call()],
    [code('Q'), (reader) => reader.persistent()],
    // What would be set on the object, the attributes of a state dict (_metadata) among them, is of no use here.
    [code('b'), (reader) => reader.drop()],
  ],
);

function code(character: string): number {
  return character.charCodeAt(0);
}

/** A signed little-endian number of any length, as bigint. */
function longNumber(bytes: Buffer): bigint {
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(8 * bytes.length, value);
}

function cutShort(): RangeError {
  return new RangeError('the pickle is cut short');
}

function damaged(): RangeError {
  return new RangeError('the pickle is damaged');
}

/** What a pickle names, for a message. */
export function globalText(value: unknown): string {
  return printable(value instanceof Global ? value.name : String(value));
}
