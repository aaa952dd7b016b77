import {damaged, type Hdf5Bytes, unread} from './file-bytes.js';

/** What an object's header says of it: one message a subject. */
export interface HeaderMessage {
  readonly type: number;
  readonly at: number;
  readonly size: number;
}

/** Types of messages, by the number that stands for them. */
export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  layout: 0x08,
  filters: 0x0b,
  continuation: 0x10,
  symbolTable: 0x11,
} as const;

/** A stretch of messages. */
interface Block {
  readonly at: number;
  readonly size: number;
}

/** The form of a header's messages: version 1 has longer ones. */
interface Form {
  readonly typeBytes: 1 | 2;
  readonly prefix: number;
  /** Of a continuation block: bytes of its signature, and of its checksum. */
  readonly signature: 0 | 4;
}

const SHARED = 0x02;

/**
 * The messages of the object whose header lies at an address, in every block of the header. Throws RangeError when it is
 * damaged. Reference: HDF5 File Format Specification version 3.0, IV.A.1.
 */
export function headerMessages(file: Hdf5Bytes, address: number): HeaderMessage[] {
  file.structure();
  const isSecond = file.slice(address, 4).toString('latin1') === 'OHDR';
  const [form, first] = isSecond ? secondVersion(file, address) : firstVersion(file, address);
  const blocks: Block[] = [first];
  const messages: HeaderMessage[] = [];
  for (const block of blocks) {
    for (const message of messagesOf(file, block, form)) {
      if (message.type === MESSAGE.continuation) blocks.push(continuation(file, message, form));
      else messages.push(message);
    }
  }
  return messages;
}

/** The first message of a type; undefined where there is none. */
export function messageOf(messages: readonly HeaderMessage[], type: number): HeaderMessage | undefined {
  return messages.find((message) => message.type === type);
}

function firstVersion(file: Hdf5Bytes, address: number): [Form, Block] {
  if (file.unsigned(address, 1) !== 1) throw damaged(`no header of an object at ${address}`);
  return [
    {typeBytes: 2, prefix: 8, signature: 0},
    {at: address + 16, size: file.unsigned(address + 8, 4)},
  ];
}

function secondVersion(file: Hdf5Bytes, address: number): [Form, Block] {
  const flags = file.unsigned(address + 5, 1);
  const times = flags & 0x20 ? 16 : 0;
  const attributes = flags & 0x10 ? 4 : 0;
  const sizeBytes = 2 ** (flags & 3);
  const at = address + 6 + times + attributes;
  return [
    {typeBytes: 1, prefix: flags & 4 ? 6 : 4, signature: 4},
    {at: at + sizeBytes, size: file.unsigned(at, sizeBytes)},
  ];
}

function* messagesOf(file: Hdf5Bytes, {at, size}: Block, {typeBytes, prefix}: Form): Generator<HeaderMessage> {
  const end = at + size;
  // What is left where no message fits is a gap.
  for (let place = at; place + prefix <= end; ) {
    file.structure();
    const type = file.unsigned(place, typeBytes);
    const length = file.unsigned(place + typeBytes, 2);
    const message = {type, at: place + prefix, size: length};
    file.slice(message.at, length);
    const isShared = (file.unsigned(place + typeBytes + 2, 1) & SHARED) !== 0;
    if (isShared && type === MESSAGE.datatype) throw unread('types with a name of their own');
    yield message;
    place = message.at + length;
  }
}

function continuation(file: Hdf5Bytes, {at}: HeaderMessage, {signature}: Form): Block {
  const [address, size] = [file.unsigned(at, 8), file.unsigned(at + 8, 8)];
  if (signature > 0) file.signed(address, 'OCHK');
  // The checksum that ends a block of version 2 is as long as its signature.
  return {at: address + signature, size: size - 2 * signature};
}
