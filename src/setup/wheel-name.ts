/** What the name of a wheel says. Reference: PyPA, binary distribution format. */
export interface WheelName {
  /** In lower case, with hyphens. */
  readonly distribution: string;
  readonly version: string;
  readonly python: string;
  readonly platform: string;
}

/** Takes the file name of a wheel apart; null for another file. */
export function parseWheelName(file: string): WheelName | null {
  const [, distribution, version, python, platform] =
    /^([A-Za-z0-9._]+)-([^-]+)(?:-\d[^-]*)?-([^-]+)-[^-]+-([^-]+)\.whl$/.exec(file) ?? [];
  if (distribution === undefined || version === undefined || python === undefined || platform === undefined)
    return null;
  return {distribution: normalName(distribution), version, python, platform};
}

/** The name under which an index knows a distribution. Reference: PEP 503. */
export function normalName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

/** Whether the wheel's libraries run on linux-x64 with glibc. */
export function isForLinux({platform}: WheelName): boolean {
  return /manylinux.*_x86_64/.test(platform);
}
