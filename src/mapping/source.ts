/** A mapping file as text: YAML with line numbers, so that every complaint names its line. */
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLError,
} from 'yaml';
import type { z } from 'zod';
import { Problem } from '../support/problem.ts';
import { languageWords, type MappingFile, mappingFileSchema } from './schema.ts';
import { didYouMean } from './suggest.ts';

export type SourcePath = readonly (string | number)[];

/** Collects everything that is wrong, so that an admin can mend it in one go. */
export class Complaints {
  readonly problems: Problem[] = [];
  readonly #file: string;
  readonly #lineOf: (path: SourcePath) => number;

  constructor(file: string, lineOf: (path: SourcePath) => number) {
    this.#file = file;
    this.#lineOf = lineOf;
  }

  lineOf(path: SourcePath): number {
    return this.#lineOf(path);
  }

  add(path: SourcePath, message: string, remedy: string): void {
    this.addAt(this.#lineOf(path), message, remedy);
  }

  addAt(line: number, message: string, remedy: string): void {
    this.problems.push(new Problem('configuration', message, { where: `${this.#file}:${line}`, remedy }));
  }
}

export interface MappingSource {
  /** Null when the text is no mapping; `complaints` say why. */
  readonly data: MappingFile | null;
  readonly complaints: Complaints;
}

export function readSource(text: string, file: string): MappingSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const complaints = new Complaints(file, (path) => lines.linePos(offsetOf(document.contents, path)).line);
  for (const error of document.errors)
    complaints.addAt(lines.linePos(error.pos[0]).line, yamlMessage(error), yamlRemedy);
  if (complaints.problems.length > 0) return { data: null, complaints };
  const parsed = mappingFileSchema.safeParse(plainData(document, complaints), { reportInput: true });
  if (complaints.problems.length > 0) return { data: null, complaints };
  if (parsed.success) return { data: parsed.data, complaints };
  for (const issue of misspeltFirst(parsed.error.issues)) complain(issue, [], complaints);
  return { data: null, complaints };
}

/** An alias without its anchor, or too many of them, shows only here. */
function plainData(document: Document, complaints: Complaints): unknown {
  try {
    return document.toJS();
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be read';
    complaints.add(
      [],
      `This is not valid YAML: ${reason}.`,
      'Look at the words with & and *; quote a text that starts so.',
    );
    return undefined;
  }
}

const yamlRemedy = 'Look at the indentation, the quotes and the colons around this line.';

function yamlMessage(error: YAMLError): string {
  return `This is not valid YAML: ${error.message.split(/ at line | in line |\n/)[0] ?? error.code}.`;
}

/** Start of the deepest part of the path that the file has. */
function offsetOf(root: unknown, path: SourcePath): number {
  let node = root;
  let offset = 0;
  for (const step of path) {
    const found = child(node, step);
    if (!found) break;
    offset = found.start.range?.[0] ?? offset;
    node = found.value;
  }
  return offset;
}

function child(node: unknown, step: string | number): { start: Node; value: unknown } | undefined {
  if (isSeq<Node>(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { start: item, value: item };
  }
  if (!isMap<Node>(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  return pair && { start: pair.key, value: pair.value };
}

type Issue = z.core.$ZodIssue;

function complain(issue: Issue, above: SourcePath, complaints: Complaints): void {
  const path = [...above, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  if (issue.code === 'invalid_union') {
    const branch = likelyBranch(issue.errors);
    if (branch.length > 0) {
      for (const inner of misspeltFirst(branch)) complain(inner, path, complaints);
      return;
    }
  }
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      const known = nearWords(key);
      complaints.add([...path, key], `"${key}" is no word of the mapping language here.`, known);
    }
    return;
  }
  complaints.add(path, `${path.join('.') || 'The file'}: ${issueText(issue)}.`, issueRemedy(issue));
}

/** A misspelt word is also a missing one; the former tells more. */
function misspeltFirst(issues: readonly Issue[]): Issue[] {
  return [...issues].sort(
    (a, b) => Number(b.code === 'unrecognized_keys') - Number(a.code === 'unrecognized_keys'),
  );
}

function nearWords(key: string): string {
  const suggestion = didYouMean(key, languageWords);
  return suggestion.startsWith('Did') ? suggestion : 'mappings/README.md shows all words.';
}

/** Of the forms that a value may take, the one that it comes nearest to: not refused for its type alone. */
function likelyBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const refusedAtOnce = (issues: readonly Issue[]) =>
    issues.some((issue) => issue.path.length === 0 && issue.code === 'invalid_type');
  return branches.find((issues) => !refusedAtOnce(issues)) ?? [];
}

function issueText(issue: Issue): string {
  if (issue.code === 'invalid_type') {
    const type = typeWords[issue.expected] ?? issue.expected;
    return issue.input === undefined ? `is missing; it is ${type}` : `should be ${type}`;
  }
  if (issue.code === 'invalid_value')
    return `${JSON.stringify(issue.input) ?? 'this'} is not a value that goes here`;
  if (issue.code === 'invalid_union') return 'has a form that does not go here';
  return issue.message;
}

const typeWords: Readonly<Record<string, string>> = {
  object: 'a map of names and values',
  record: 'a map of names and values',
  array: 'a list',
  string: 'a text',
  int: 'a whole number',
};

function issueRemedy(issue: Issue): string {
  if (issue.code === 'invalid_value') {
    const input = typeof issue.input === 'string' ? issue.input : '';
    return didYouMean(input, issue.values.map(String));
  }
  return 'mappings/README.md shows how it is written.';
}
