/** How a check went: `problem` means that cv-loss cannot run as it should, `notice` that something is missing or slow. */
export type Status = 'ok' | 'notice' | 'problem';

/** What one check found out. */
export interface Finding {
  readonly status: Status;
  /** One line: what was found. */
  readonly detail: string;
  /** The one command that helps. */
  readonly remedy?: string;
  /** The same for programs. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A finding and the name of the check. */
export interface CheckResult extends Finding {
  readonly name: string;
}
