/** What is known of an error beyond the line that it prints. */
export interface Message {
  /** One line, without the names of the case at hand. */
  readonly title: string;
  /** Why it comes about. */
  readonly cause: string;
  /** What to do. */
  readonly remedy: string;
}

/** Messages by code; the codes stay what they are from version to version, and none is used again for another error. */
export type Messages = Readonly<Record<`CVL-${string}`, Message>>;

/** The message of an error that has a name of its own, which rows, reports and lines begin with. */
export interface NamedMessage extends Message {
  readonly code: `CVL-${string}`;
}
