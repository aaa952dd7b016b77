/** What one loss says of a sample that it gives no value for. */
export interface LossReason {
  /** Of a failure. */
  readonly code?: string;
  readonly id: string;
  readonly text: string;
}

/** A row's reason: `code: id: text; …` in the order given, once where losses say the same: `labels: dice, iou: …`. */
export function rowReason(reasons: readonly LossReason[]): string {
  const said = new Map<string, {code: string; ids: string[]; text: string}>();
  for (const {code, id, text} of reasons) {
    const prefix = code === undefined ? '' : `${code}: `;
    const known = said.get(prefix + text);
    if (known) known.ids.push(id);
    else said.set(prefix + text, {code: prefix, ids: [id], text});
  }
  return [...said.values()].map(({code, ids, text}) => `${code}${ids.join(', ')}: ${text}`).join('; ');
}
