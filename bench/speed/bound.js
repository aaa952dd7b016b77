/** The command, bound to the first core where the job says so. */
export function bound({oneCore = false}, command) {
  return oneCore ? ['taskset', '-c', '0', ...command] : command;
}
