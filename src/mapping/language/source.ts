/** A mapping file as text: YAML with line numbers, so that every complaint names its line. */
import type { z } from 'zod';
import { didYouMean } from '../../support/nearest.ts';
import { Problem } from '../../support/problem.ts';
import { readYaml, type YamlPath } from '../../support/yaml.ts';
import { languageWords, type MappingFile, mappingFileSchema } from './schema.ts';

export type SourcePath = YamlPath;

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
    this.problems.push(new Problem('configuration', message, { where: this.placeOf(line), remedy }));
  }

  /** `mappings/salesforce.yaml:12` */
  placeOf(line: number): string {
    return `${this.#file}:${line}`;
  }
}

export interface MappingSource {
  /** Null when the text is no mapping; `complaints` say why. */
  readonly data: MappingFile | null;
  readonly complaints: Complaints;
}

export function readSource(text: string, file: string): MappingSource {
  const { data, fault, lineOf } = readYaml(text);
  const complaints = new Complaints(file, lineOf);
  if (fault) {
    complaints.addAt(fault.line, fault.message, fault.remedy);
    return { data: null, complaints };
  }
  const parsed = mappingFileSchema.safeParse(data, { reportInput: true });
  if (parsed.success) return { data: parsed.data, complaints };
  for (const issue of misspeltFirst(parsed.error.issues)) complain(issue, [], complaints);
  return { data: null, complaints };
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
      complaints.add([...path, key], `"${key}" is not part of the mapping language here.`, known);
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
