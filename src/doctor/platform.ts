import type {Finding} from './check.js';

/** The part of Node's diagnostic report that names the C library. */
interface Report {
  readonly header: {readonly glibcVersionRuntime?: string};
  readonly sharedObjects: readonly string[];
}

/** The system, the processor and, on Linux, the C library. */
export async function checkPlatform(): Promise<Finding> {
  const {platform, arch} = process;
  const libc = platform === 'linux' ? cLibrary() : null;
  const name = `${platform}-${arch}${libc ? `, ${libc}` : ''}`;
  const facts = {platform, arch, libc};
  if (platform === 'linux' && arch === 'x64' && libc?.startsWith('glibc')) return {status: 'ok', detail: name, facts};
  return {status: 'notice', detail: `${name}; the tests run on linux-x64 with glibc`, facts};
}

/** `glibc 2.36`, `musl`, or null where Node does not say. */
function cLibrary(): string | null {
  // Without this, Node may look up the names of every open connection.
  Object.assign(process.report ?? {}, {excludeNetwork: true});
  const report = process.report?.getReport() as Report | undefined;
  if (report?.header.glibcVersionRuntime) return `glibc ${report.header.glibcVersionRuntime}`;
  return report?.sharedObjects.some((path) => /\/(ld-musl-|libc\.musl-)/.test(path)) ? 'musl' : null;
}
