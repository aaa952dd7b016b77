import {UsageError} from '../../errors.js';
import {printable} from '../../printable.js';
import type {FileHash, Publication} from '../origins.js';

/** Where a file is to be fetched from, when not from its publisher. */
export interface OtherAddress {
  /** A folder that has the files under their names. */
  readonly mirror?: string | undefined;
  /** The file's own address. */
  readonly from?: string | undefined;
  /** The sha256 that the file of `from` has, when it is not the published file. */
  readonly sha256?: string | undefined;
  /** Whether all of the file is fetched, and its hash checked, where a part would do. */
  readonly whole?: boolean | undefined;
}

/** What is fetched, and what it is held against. */
export interface Address {
  readonly url: URL;
  /** Null where no length was published. */
  readonly bytes: number | null;
  readonly hash: FileHash;
  /** Only the tensors needed: the hash of the whole file cannot be checked then. */
  readonly ranges: boolean;
  /** Whether the hash is a published one; the user's own otherwise. */
  readonly isPublished: boolean;
}

/**
 * The address of a published file. Parts of it are fetched from the publisher alone, whose address names a revision: what
 * comes from elsewhere is fetched whole and held against the hash. Throws UsageError for what is no http address.
 */
export function addressOf(publication: Publication, {mirror, from, sha256, whole = false}: OtherAddress): Address {
  const {url, file, bytes, hash, ranges} = publication;
  if (sha256 !== undefined) {
    if (from === undefined) throw new UsageError('CVL-A006', '--sha256 is the hash of the file of --from: give both');
    if (!/^[0-9a-f]{64}$/i.test(sha256))
      throw new UsageError('CVL-A005', `--sha256: expected 64 hexadecimal digits, got '${printable(sha256)}'`);
    const given = {algorithm: 'sha256', hex: sha256.toLowerCase()} as const;
    return {url: httpUrl(from, '--from'), bytes: null, hash: given, ranges: false, isPublished: false};
  }
  if (from !== undefined) return {url: httpUrl(from, '--from'), bytes, hash, ranges: false, isPublished: true};
  if (mirror !== undefined) {
    const folder = httpUrl(mirror.endsWith('/') ? mirror : `${mirror}/`, 'mirror');
    return {url: new URL(file, folder), bytes, hash, ranges: false, isPublished: true};
  }
  return {url: new URL(url), bytes, hash, ranges: ranges && !whole, isPublished: true};
}

function httpUrl(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new UsageError(
    'CVL-A005',
    `${what}: expected an address that begins with http:// or https://, got '${printable(text)}'`,
  );
}

/** An address for people: without a password, and without a query, which may be one. */
export function addressText(url: URL): string {
  return printable(`${url.origin}${url.pathname}`);
}
