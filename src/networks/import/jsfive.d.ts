/** What is used of jsfive, which brings no types. */
declare module 'jsfive' {
  export class Dataset {
    readonly shape: readonly number[];
    readonly dtype: unknown;
    readonly value: unknown;
  }

  export class Group {
    readonly keys: readonly string[];
    get(name: string): Group | Dataset | undefined;
  }

  export class File extends Group {
    constructor(bytes: ArrayBuffer, name: string);
  }
}
