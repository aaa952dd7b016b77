import {performance} from 'node:perf_hooks';

/** Seconds by stage of a run, those of all threads added up. */
export type StageSeconds = Readonly<Record<string, number>>;

/** Where the time of a run goes. What several files or threads do at once counts for each of them, waiting for a core included. */
export class Profile {
  #seconds = new Map<string, number>();

  /** Does a stage's work, and adds the time it takes. */
  async time<Value>(stage: string, work: () => Value | Promise<Value>): Promise<Value> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.#add(stage, (performance.now() - started) / 1000);
    }
  }

  /** Adds what another one measured. */
  add(measured: StageSeconds): void {
    for (const [stage, seconds] of Object.entries(measured)) this.#add(stage, seconds);
  }

  /** What was measured since the last time it was taken. */
  take(): StageSeconds {
    const taken = Object.fromEntries(this.#seconds);
    this.#seconds = new Map();
    return taken;
  }

  #add(stage: string, seconds: number): void {
    this.#seconds.set(stage, (this.#seconds.get(stage) ?? 0) + seconds);
  }
}

/** Does a stage's work, measured where there is a profile. */
export function timed<Value>(
  profile: Profile | undefined,
  stage: string,
  work: () => Value | Promise<Value>,
): Value | Promise<Value> {
  return profile ? profile.time(stage, work) : work();
}
