import {damaged, type Hdf5Bytes, unread} from './file-bytes.js';
import {type HeaderMessage, MESSAGE} from './object-header.js';

const LONGEST_NAME = 1024;
const NODE_HEADER = 24;
const SYMBOL_BYTES = 40;
/** Of a symbol whose name stands for another one. */
const SOFT = 2;

/** The header addresses of what a group holds, by name; links that are names of other objects are passed over. */
export function* groupLinks(
  file: Hdf5Bytes,
  messages: readonly HeaderMessage[],
): Generator<readonly [name: string, address: number]> {
  for (const {type, at} of messages) {
    if (type === MESSAGE.symbolTable) yield* tableLinks(file, file.unsigned(at, 8), file.unsigned(at + 8, 8));
    if (type === MESSAGE.link) yield* messageLink(file, at);
    if (type === MESSAGE.linkInfo) refuseDense(file, at);
  }
}

/** Links in a B-tree of symbol tables whose names lie in a heap: III.A.1, III.B and III.D of the specification. */
function* tableLinks(file: Hdf5Bytes, tree: number, heap: number): Generator<readonly [string, number]> {
  file.signed(heap, 'HEAP');
  const names = file.slice(file.unsigned(heap + 24, 8), file.unsigned(heap + 8, 8));
  for (const table of treeLeaves(file, tree)) {
    file.signed(table, 'SNOD');
    const symbols = file.unsigned(table + 6, 2);
    for (let i = 0; i < symbols; i++) {
      file.structure();
      const at = table + 8 + SYMBOL_BYTES * i;
      if (file.unsigned(at + 16, 4) === SOFT) continue;
      yield [nameAt(names, file.unsigned(at, 8)), file.unsigned(at + 8, 8)];
    }
  }
}

/** Addresses of the symbol tables below a node, whose children are one level lower each, so that it ends. */
function* treeLeaves(file: Hdf5Bytes, node: number, parentLevel = Infinity): Generator<number> {
  file.signed(node, 'TREE');
  const level = file.unsigned(node + 5, 1);
  if (level >= parentLevel) throw damaged(`a tree that leads back into itself at ${node}`);
  const entries = file.unsigned(node + 6, 2);
  for (let i = 0; i < entries; i++) {
    const child = file.unsigned(node + NODE_HEADER + 16 * i + 8, 8);
    if (level === 0) yield child;
    else yield* treeLeaves(file, child, level);
  }
}

function nameAt(names: Buffer, offset: number): string {
  const name = names.subarray(offset, offset + LONGEST_NAME);
  const end = name.indexOf(0);
  if (end < 0) throw damaged(`a name of more than ${LONGEST_NAME} bytes, or without an end`);
  return name.toString('utf8', 0, end);
}

/** A link in a message of its own: IV.A.2.g of the specification. */
function* messageLink(file: Hdf5Bytes, at: number): Generator<readonly [string, number]> {
  const flags = file.unsigned(at + 1, 1);
  let place = at + 2;
  const isHard = (flags & 8) === 0 || file.unsigned(place++, 1) === 0;
  place += (flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0);
  const lengthBytes = 2 ** (flags & 3);
  const length = file.unsigned(place, lengthBytes);
  if (length > LONGEST_NAME) throw damaged(`a name of ${length} bytes`);
  place += lengthBytes;
  if (isHard) yield [file.slice(place, length).toString('utf8'), file.unsigned(place + length, 8)];
}

/** Groups of many links may keep them in a heap of another kind. */
function refuseDense(file: Hdf5Bytes, at: number): void {
  const flags = file.unsigned(at + 1, 1);
  if (file.address(at + 2 + (flags & 1 ? 8 : 0)) === null) return;
  throw unread("a group of many links in HDF5's latest format; save it again by h5py.File(…, libver='earliest')");
}
