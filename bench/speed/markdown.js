/** The results as Markdown: a heading and a table for each case. */
export function markdown({machine, versions, rounds, cases}) {
  const {processor, cores, memory_gib, system, node, load_average_before} = machine;
  const made = `${processor}, ${cores} cores, ${memory_gib} GiB, ${system}, Node ${node}; load ${load_average_before} before the run`;
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${made}. ${programs.join(', ')}. Median (minimum to maximum) of ${rounds} rounds in which all took turns.`,
    ...cases.map(section),
  ].join('\n\n');
}

function section({title, pairs, results}) {
  const [first] = results;
  const head = ['', 'seconds', 'pairs/s', `times as long as ${first.name}`, 'peak MiB'];
  const rows = results.map(({name, seconds, times_as_long, peak_bytes}) => [
    name,
    range(seconds, 3),
    (pairs / seconds.median).toFixed(1),
    name === first.name ? '1' : range(times_as_long, 2),
    peak_bytes === null ? '' : (peak_bytes / 2 ** 20).toFixed(0),
  ]);
  const lines = [head, ['---', ...Array(head.length - 1).fill('---:')], ...rows];
  return `### ${title}\n\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}`;
}

function range({median, min, max}, decimals) {
  return `${median.toFixed(decimals)} (${min.toFixed(decimals)} to ${max.toFixed(decimals)})`;
}
