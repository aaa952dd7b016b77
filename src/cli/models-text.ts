import {parameterCount} from '../networks/convolutions.js';
import type {KnownNetwork} from '../networks/known.js';
import type {WeightsOrigin} from '../networks/origins.js';
import type {InventoryItem} from '../networks/store/inventory.js';
import type {Provenance, StoredWeights} from '../networks/store/weights-store.js';
import {printable, printableJson} from '../printable.js';
import {bytesText} from './bytes-text.js';
import {colours} from './colours.js';
import {plainTable} from './table.js';

const HASH_SHOWN = 12;
const COLOURS = {bundled: colours.green, stored: colours.green, damaged: colours.red, missing: colours.dim} as const;
const STATES = {bundled: 'comes with cv-loss', stored: 'stored', damaged: 'damaged', missing: 'not here'} as const;

/** What each way of checking came to, for people. */
const CHECKS: Readonly<Record<Provenance['checked'], string>> = {
  published: 'the published file, by its hash',
  revision: "parts of the publisher's file at a fixed revision",
  given: 'the file of the given hash',
  none: 'not known to be a published file',
};

/** `models list`: a line for each network and origin (sizes of downloads in brackets), what is wrong with damaged ones, and the commands that get them. */
export function listModels(items: readonly InventoryItem[], folder: string): string {
  const rows = items.map(({network, origin, state, bytes, sha256, provenance}) => [
    network.definition.id,
    origin.id,
    COLOURS[state](STATES[state]),
    bytes === null ? `(${bytesText(downloadBytes(network, origin))})` : bytesText(bytes),
    sha256?.slice(0, HASH_SHOWN) ?? '–',
    provenance?.checked === 'none' || provenance?.checked === 'given'
      ? `from ${printable(provenance.from)}: ${CHECKS[provenance.checked]}`
      : origin.provenance,
  ]);
  const table = plainTable(['network', 'source', 'weights', 'size', 'sha256', 'whose, licence'], rows, [3]);
  const problems = items.flatMap(({problem}) => (problem === null ? [] : [problem]));
  return [
    table,
    ...problems.map((problem) => `\n${colours.red('damaged')}  ${problem}`),
    `\nStored in ${printable(folder)}. To get one: cv-loss models pull vgg19 [--source torchvision], or cv-loss models import vgg19 FILE`,
  ].join('\n');
}

/** What a pull fetches; where the publisher's length is not known, that of the tensors needed. */
function downloadBytes({definition}: KnownNetwork, {publication}: WeightsOrigin): number {
  return publication?.bytes ?? 4 * parameterCount(definition);
}

/** The same for programs. */
export function modelsJson(items: readonly InventoryItem[], folder: string): string {
  const weights = items.map(({network, origin, state, path, bytes, sha256, provenance, problem}) => ({
    network: network.definition.id,
    source: origin.id,
    default: origin === network.origins[0],
    state,
    path,
    bytes,
    sha256,
    from: provenance?.from ?? null,
    checked: provenance?.checked ?? null,
    problem,
    preprocessing: origin.preprocessing,
    provenance: origin.provenance,
    published: origin.publication && {
      url: origin.publication.url,
      file: origin.publication.file,
      bytes: origin.publication.bytes,
      [origin.publication.hash.algorithm]: origin.publication.hash.hex,
    },
  }));
  return printableJson({folder, weights});
}

/** What came of a pull or an import, in a line. */
export function storedText(
  {stored, wasThere}: {readonly stored: StoredWeights; readonly wasThere: boolean},
  done: 'pulled' | 'imported',
): string {
  const {network, origin, path, bytes, sha256, checked} = stored;
  const what = wasThere ? 'there already' : `${done}: ${CHECKS[checked]}`;
  return `${network} (${origin}) ${what}\n  ${printable(path)}, ${bytesText(bytes)}, weights sha256 ${sha256}`;
}
