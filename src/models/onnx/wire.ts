import {PbfReader, PbfWriter} from 'pbf';

/** A field of a protobuf message, as views into its bytes. */
export interface Field {
  readonly number: number;
  /** With its tag: written as it is, the field stays what it was. */
  readonly raw: Uint8Array;
  /** Without tag and length, for a field that has one: a text, bytes or another message. */
  readonly content: Uint8Array;
}

const LENGTH_DELIMITED = 2;

/** The fields of a message, in their order. Throws for bytes that are no protobuf. */
export function fieldsOf(message: Uint8Array): Field[] {
  const pbf = new PbfReader(message);
  const fields: Field[] = [];
  for (let start = 0; start < message.length; start = pbf.pos) {
    const number = pbf.nextField();
    let contentStart = pbf.pos;
    if (pbf.type === LENGTH_DELIMITED) {
      const length = pbf.readVarint();
      contentStart = pbf.pos;
      pbf.pos += length;
    } else {
      pbf.skip(pbf.type);
    }
    if (number === 0 || pbf.pos > message.length) throw new Error(`the message ends within field ${number}`);
    fields.push({number, raw: message.subarray(start, pbf.pos), content: message.subarray(contentStart, pbf.pos)});
  }
  return fields;
}

/** The contents of the fields of one number. */
export function contentsOf(message: Uint8Array, number: number): Uint8Array[] {
  return fieldsOf(message).flatMap((field) => (field.number === number ? [field.content] : []));
}

/** The texts of the fields of one number. */
export function textsOf(message: Uint8Array, number: number): string[] {
  return contentsOf(message, number).map((content) => Buffer.from(content).toString('utf8'));
}

/** A field that holds a message, or a text: tag, length, content. */
export function field(number: number, content: Uint8Array | string): Uint8Array {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  const head = new PbfWriter();
  head.writeTag(number, LENGTH_DELIMITED);
  head.writeVarint(bytes.length);
  return Buffer.concat([head.finish(), bytes]);
}
