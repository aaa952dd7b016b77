import {resolve} from 'node:path';
import * as z from 'zod';
import {type ConfigNode, nodeAt, overlay, toValue} from './node.js';
import type {PluginRequest} from './plugins.js';
import {problemsError} from './problem.js';

/** A plugin as a config writes it; reports record the second form. */
export const pluginSchema = z.union([
  z.string().min(1),
  z.strictObject({
    file: z.string().min(1).describe('the module'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits')
      .optional()
      .describe('what the SHA-256 of the file must be; any by default'),
  }),
]);

/** `over` laid on `base`, its plugins behind those of `base`: a flag adds to a config, whose losses need its own. */
export function overlayPlugins(base: ConfigNode, over: ConfigNode): ConfigNode {
  const [before, after] = [base, over].map((root) => nodeAt(root, ['plugins']));
  if (before?.kind !== 'list' || after?.kind !== 'list' || over.kind !== 'map') return overlay(base, over);
  const node: ConfigNode = {...before, items: [...before.items, ...after.items]};
  return overlay(base, {...over, entries: new Map([['plugins', {keyAt: before.at, node}]])});
}

/**
 * The plugins that a config names, paths from where they were written; null when the list is malformed, which the
 * schema says. `found`: the file was not named, so what it alone names is refused, since plugins are code.
 * Throws UsageError then.
 */
export function pluginRequests(root: ConfigNode, found: boolean): PluginRequest[] | null {
  const list = nodeAt(root, ['plugins']);
  if (!list) return [];
  if (list.kind !== 'list') return null;
  const requests: PluginRequest[] = [];
  for (const item of list.items) {
    const {data} = pluginSchema.safeParse(toValue(item));
    if (data === undefined) return null;
    const {file: name, ...rest} = typeof data === 'string' ? {file: data} : data;
    const {sha256} = rest as {sha256?: string};
    const at = item.at;
    requests.push({at, name, file: resolve(at.base, name), ...(sha256 === undefined ? {} : {sha256})});
  }
  // Only what a file says has a line.
  const isFound = ({at}: PluginRequest) => found && at.line !== undefined;
  const named = new Set(requests.filter((request) => !isFound(request)).map(({file}) => file));
  const refused = requests.filter((request) => isFound(request) && !named.has(request.file));
  if (refused.length > 0) throw problemsError(refused.map(({at}) => ({code: 'CVL-C015', at, text: refusal(at.label)})));
  return requests;
}

function refusal(config: string): string {
  return `plugins are code, which a config that was found and not named does not load; name it: --config ${config}`;
}
