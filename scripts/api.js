// Writes docs/api from the declarations in dist/, which API Extractor reads: all that is exported, with its documentation.
// `node scripts/api.js --check` says whether the pages are current; CI runs it once.
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {Extractor, ExtractorConfig} from '@microsoft/api-extractor';

const root = fileURLToPath(new URL('..', import.meta.url));

const MODULES = [
  {
    page: 'cv-loss.md',
    title: "`import … from 'cv-loss'`",
    entry: 'dist/index.d.ts',
    about: 'Node: scoring datasets, comparing and merging reports, and what losses of your own are made of.',
  },
  {
    page: 'losses.md',
    title: "`import … from 'cv-loss/losses'`",
    entry: 'dist/loss-functions/index.d.ts',
    about:
      "Node and browsers: losses as functions of TensorFlow.js tensors, with gradients. `cv-loss/browser` is the same as one file. [losses.md](../losses.md) has each loss's formula and options.",
  },
];

const KINDS = {
  Function: 'Functions',
  Variable: 'Values',
  Class: 'Classes',
  Interface: 'Interfaces',
  TypeAlias: 'Types',
};

for (const module of MODULES) {
  const file = join(root, 'docs', 'api', module.page);
  const text = pageOf(module);
  const isCurrent = existsSync(file) && readFileSync(file, 'utf8') === text;
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (!isCurrent) {
    console.error(`docs/api/${module.page} is not current: npm run docs`);
    process.exitCode = 1;
  }
}

/** The text of a page. Throws where something exported is not documented. */

function pageOf({title, entry, about}) {
  const members = extract(entry);
  const undocumented = members.flatMap((member) => [member, ...fieldsOf(member)]).filter(({docComment}) => !docComment);
  if (undocumented.length > 0)
    throw new Error(`${entry}: not documented: ${undocumented.map(({name}) => name).join(', ')}`);
  const groups = Object.entries(KINDS).map(([kind, heading]) => {
    const own = members.filter((member) => member.kind === kind);
    return own.length === 0 ? '' : `## ${heading}\n\n${own.map(sectionOf).join('\n')}`;
  });
  const head = `<!-- npm run docs writes this page from the declarations -->\n\n# ${title}\n\n${about}\n`;
  return `${[head, ...groups.filter(Boolean)].join('\n').trimEnd()}\n`;
}

/** What an interface or a class holds, as `Interface.field`; a call signature says what it is by its interface. */
function fieldsOf({name: owner, members = []}) {
  return members
    .filter(({name}) => name !== undefined)
    .map(({name, docComment}) => ({name: `${owner}.${name}`, docComment}));
}

/** What a module exports, by name. */
function extract(entry) {
  const folder = mkdtempSync(join(tmpdir(), 'cv-loss-api-'));
  const apiJsonFilePath = join(folder, 'model.json');
  const compilerOptions = {
    module: 'nodenext',
    moduleResolution: 'nodenext',
    target: 'es2022',
    lib: ['es2023'],
    strict: true,
    skipLibCheck: true,
    types: ['node'],
  };
  try {
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder: root,
        mainEntryPointFilePath: join(root, entry),
        compiler: {overrideTsconfig: {compilerOptions, files: [entry]}},
        apiReport: {enabled: false},
        docModel: {enabled: true, apiJsonFilePath},
        dtsRollup: {enabled: false},
        tsdocMetadata: {enabled: false},
        newlineKind: 'lf',
        messages: {
          extractorMessageReporting: {default: {logLevel: 'none'}},
          tsdocMessageReporting: {default: {logLevel: 'none'}},
        },
      },
      configObjectFullPath: undefined,
      packageJsonFullPath: join(root, 'package.json'),
    });
    const quiet = (message) => {
      message.handled = message.logLevel !== 'error';
    };
    const {succeeded} = Extractor.invoke(config, {localBuild: true, messageCallback: quiet});
    if (!succeeded) throw new Error(`${entry}: API Extractor failed`);
    const [{members}] = JSON.parse(readFileSync(apiJsonFilePath, 'utf8')).members;
    return members;
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

function sectionOf(member) {
  return `### ${member.name}\n\n${textOf(member.docComment)}\n\n\`\`\`ts\n${declarationOf(member)}\n\`\`\`\n`;
}

function textOf(docComment = '') {
  const lines = docComment.replace(/^\/\*\*|\*\/\s*$/g, '').split('\n');
  return lines
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim();
}

function declarationOf({excerptTokens, members}) {
  const text = excerptTokens.map((token) => token.text).join('');
  const head = text.replace(/^export (declare )?/, '').trimEnd();
  if (!members) return head;
  if (members.length === 0) return `${head} {}`;
  const body = members.map((member) => `${commentOf(member)}${declarationOf(member)}`.replaceAll(/^/gm, '  '));
  return `${head} {\n${body.join('\n')}\n}`;
}

function commentOf({docComment}) {
  const text = textOf(docComment);
  if (text === '') return '';
  return text.includes('\n') ? `/**\n * ${text.replaceAll('\n', '\n * ')}\n */\n` : `/** ${text} */\n`;
}
