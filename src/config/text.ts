import {Composer, type Document, isScalar, LineCounter, type Node, Parser, type YAMLError} from 'yaml';
import {jsonMistake} from './json-text.js';
import type {ConfigNode, Position} from './node.js';
import {problemsError} from './problem.js';
import {excess} from './shape.js';
import {NodeReader} from './yaml-nodes.js';

/** A text to parse, and how its positions read. */
export interface ConfigText {
  readonly text: string;
  /** The position of the text as a whole; of its parts too where `lines` is false (a `--set` is one place). */
  readonly at: Position;
  readonly lines: boolean;
  /** Strict JSON (a `.json` file) instead of YAML, which JSON is part of. */
  readonly json: boolean;
}

const EMPTY = "empty, expected a map such as 'losses: [mse]'";

/**
 * Parses YAML 1.2 or JSON to nodes that know where they were written.
 * Throws UsageError for what is malformed, and for what would take long or much memory to parse: too many
 * values, deep nesting, aliases that multiply.
 */
export function parseConfigText(source: ConfigText): ConfigNode {
  const counter = new LineCounter();
  countLines(source.text, counter);
  const position = (offset: number): Position => {
    if (!source.lines) return source.at;
    const {line, col} = counter.linePos(offset);
    return {...source.at, line, column: col};
  };
  const fail = (offset: number, text: string) => problemsError([{code: 'CVL-C002', at: position(offset), text}]);
  if (source.text.trim() === '') throw fail(0, EMPTY);
  // In JSON a tab is space between tokens wherever it may stand; YAML would refuse some as indentation.
  const text = source.json ? source.text.replaceAll('\t', ' ') : source.text;
  const excessive = excess(text);
  if (excessive) throw fail(excessive.offset, excessive.what);
  const mistake = source.json ? jsonMistake(source.text) : null;
  if (mistake) throw fail(mistake.offset, `not JSON: ${mistake.what}; a .json file is strict JSON, without comments`);
  const root = composeOne(text, source.json, fail);
  return new NodeReader(position, source.at).read(root);
}

type Fail = (offset: number, text: string) => Error;

function countLines(text: string, counter: LineCounter): void {
  counter.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) counter.addNewLine(at + 1);
}

function composeOne(text: string, json: boolean, fail: Fail): Node {
  const composer = new Composer({
    uniqueKeys: false,
    strict: true,
    prettyErrors: false,
    logLevel: 'silent',
    schema: json ? 'json' : 'core',
  });
  let first: Document.Parsed | undefined;
  for (const document of composer.compose(new Parser().parse(text), true, text.length)) {
    if (first) throw fail(document.range[0], 'a second document, expected one; remove the line ---');
    first = document as Document.Parsed;
    const error: YAMLError | undefined = document.errors[0] ?? document.warnings[0];
    if (error) throw fail(error.pos[0], `not YAML: ${error.message.replaceAll(/\s+/g, ' ')}`);
  }
  const root = first?.contents;
  if (!root || (isScalar(root) && root.value === null && !root.source)) throw fail(0, EMPTY);
  return root;
}
