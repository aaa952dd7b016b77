// Writes docs/licences.md from package-lock.json. A test checks that it is current.
import {readFileSync, writeFileSync} from 'node:fs';
import {pathToFileURL} from 'node:url';

const LOCKFILE = new URL('../package-lock.json', import.meta.url);
const PAGE = new URL('../docs/licences.md', import.meta.url);

/** The packages that an installation may bring, those for development and optional peers left out, by name and version. */
export function installedPackages() {
  const {packages} = JSON.parse(readFileSync(LOCKFILE, 'utf8'));
  return Object.entries(packages)
    .filter(([path, {dev, devOptional, peer}]) => path !== '' && !dev && !devOptional && !peer)
    .map(([path, {version, license = 'none stated', optional = false}]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return {name, version, licence: license, optional};
    })
    .sort((a, b) => (a.name === b.name ? (a.version < b.version ? -1 : 1) : a.name < b.name ? -1 : 1));
}

/** The text of docs/licences.md. */
export function licencesPage() {
  const packages = installedPackages();
  const counts = new Map();
  for (const {licence} of packages) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  const summary = [...counts].sort(([, a], [, b]) => b - a).map(([licence, count]) => `${licence} ${count}`);
  const rows = packages.map(
    ({name, version, licence, optional}) => `| ${name} | ${version} | ${licence} | ${optional ? 'yes' : ''} |`,
  );
  return `# Licences of what an installation brings

Written by \`node scripts/licences.js\` from package-lock.json. cv-loss itself is Apache-2.0; the licences of the weights
that it ships are in \`weights/\`. Optional packages are those of one platform, and ONNX Runtime. libvips (LGPL) is a shared
library beside sharp, which can be replaced by a build of your own.

${packages.length} packages: ${summary.join(', ')}.

| package | version | licence | optional |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) writeFileSync(PAGE, licencesPage());
