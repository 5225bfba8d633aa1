/**
 * Regular expressions that match the whole of a text, without regard to case, in time that grows with the text and
 * the pattern only: all states that the pattern may be in are followed at once, so nothing is ever tried again
 * (https://swtch.com/~rsc/regexp/regexp1.html). What needs memory of what was matched before is refused.
 */
import { type Check, isWord, parsePattern, type Tree } from './pattern-syntax.ts';

export interface Pattern {
  test(text: string): boolean;
}

/** `check` null: goes on without reading. */
interface State {
  readonly check: Check | null;
  readonly next: readonly number[];
}

/** Bounds what counted repetitions multiply to. */
const maxStates = 2_000;
/** Of a longer text only the beginning is looked at; no name of a source or a campaign is that long. */
const maxText = 1_000;

/** Throws a `SyntaxError` that says why for what is no such pattern. */
export function compilePattern(source: string): Pattern {
  const states: State[] = [];
  const end = add(states, null, []);
  const begin = build(parsePattern(source), end, states);
  return { test: (text) => holds(states, begin, end, text.slice(0, maxText)) };
}

function add(states: State[], check: Check | null, next: readonly number[]): number {
  if (states.length >= maxStates) throw new SyntaxError('it repeats too much');
  states.push({ check, next });
  return states.length - 1;
}

/** Adds the states of a tree that goes on at `next`; returns the one at which it begins. */
function build(tree: Tree, next: number, states: State[]): number {
  if (tree.kind === 'check') return add(states, tree.check, [next]);
  if (tree.kind === 'repeat') return repeat(tree, next, states);
  if (tree.kind === 'sequence')
    return tree.parts.reduceRight((after, part) => build(part, after, states), next);
  const branches = tree.parts.map((part) => build(part, next, states));
  return add(states, null, branches);
}

type Repeat = Extract<Tree, { readonly kind: 'repeat' }>;

function repeat({ part, least, most }: Repeat, next: number, states: State[]): number {
  let begin = Number.isFinite(most) ? next : loop(part, next, states);
  for (let count = least; Number.isFinite(most) && count < most; count += 1)
    begin = add(states, null, [build(part, begin, states), next]);
  for (let count = 0; count < least; count += 1) begin = add(states, null, [build(part, begin, states)]);
  return begin;
}

function loop(part: Tree, next: number, states: State[]): number {
  const ways: number[] = [next];
  const head = add(states, null, ways);
  ways.push(build(part, head, states));
  return head;
}

function holds(states: readonly State[], begin: number, end: number, text: string): boolean {
  let now = reached(states, [begin], text, 0);
  for (let at = 0; at < text.length && now.size > 0; at += 1) {
    const character = text.charAt(at);
    const after: number[] = [];
    for (const index of now) {
      const { check, next } = states[index] ?? { check: null, next: [] };
      if (check?.kind === 'character' && check.has(character)) after.push(...next);
    }
    now = reached(states, after, text, at + 1);
  }
  return now.has(end);
}

/** All states that are reached from these without reading a character. */
function reached(states: readonly State[], from: readonly number[], text: string, at: number): Set<number> {
  const found = new Set<number>();
  const open = [...from];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (found.has(index)) continue;
    found.add(index);
    const { check, next } = states[index] ?? { check: null, next: [] };
    if (check === null || (check.kind !== 'character' && isAt(check.kind, text, at))) open.push(...next);
  }
  return found;
}

type Place = Exclude<Check['kind'], 'character'>;

function isAt(place: Place, text: string, at: number): boolean {
  if (place === 'start') return at === 0;
  if (place === 'end') return at === text.length;
  const edge = isWord(text.charAt(at - 1)) !== isWord(text.charAt(at));
  return place === 'edge' ? edge : !edge;
}
