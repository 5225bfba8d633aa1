/** YAML with line numbers, so that every complaint about a file can name its line. */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from 'yaml';

export type YamlPath = readonly (string | number)[];

export interface YamlText {
  /** Plain data; undefined when there is a fault. */
  readonly data: unknown;
  /** The first one: after it the parser has lost its way, and what else it says follows from that. */
  readonly fault: YamlFault | undefined;
  /** Of the deepest part of the path that the text has; counted from 1. */
  lineOf(path: YamlPath): number;
}

export interface YamlFault {
  readonly line: number;
  readonly message: string;
  readonly remedy: string;
}

export function readYaml(text: string): YamlText {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const lineAt = (offset: number) => counter.linePos(offset).line;
  const lineOf = (path: YamlPath) => lineAt(offsetOf(document.contents, path));
  const [error] = document.errors;
  if (error) {
    const message = `This is not valid YAML: ${inShort(error)}.`;
    const remedy = 'Look at the indentation, the quotes and the colons around this line.';
    return { data: undefined, fault: { line: lineAt(error.pos[0]), message, remedy }, lineOf };
  }
  try {
    return { data: document.toJS(), fault: undefined, lineOf };
  } catch (cause) {
    // An alias without its anchor, or too many of them, shows only here.
    const message = `This is not valid YAML: ${cause instanceof Error ? cause.message : 'it cannot be read'}.`;
    const remedy = 'Look at the words with & and *; quote a text that starts so.';
    return { data: undefined, fault: { line: lineOf([]), message, remedy }, lineOf };
  }
}

function inShort({ message, code }: YAMLError): string {
  return message.split(/ at line | in line |\n/)[0] ?? code;
}

function offsetOf(root: unknown, path: YamlPath): number {
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
