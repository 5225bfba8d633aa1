/** Who holds which key, by the kind of evidence that it is. */
import { keyText, kindOfKey, recordKey } from '../canonical/names.ts';
import { limitOf } from '../canonical/pairs.ts';
import { fingerprint } from '../support/fingerprint.ts';
import type { Node } from './clusters.ts';
import type { Refused } from './joining.ts';
import { type Evidence, evidenceOf, isVendorsOwn } from './keys.ts';
import type { Memory } from './memory.ts';

export class Holders {
  readonly #nodes: readonly Node[];
  readonly #byKey = new Map<string, number[]>();
  readonly #sorted: readonly string[];
  readonly #crowds = new Set<string>();
  #byOwn: ReadonlyMap<string, number> | undefined;
  #byHubId: ReadonlyMap<string, number> | undefined;

  constructor(nodes: readonly Node[], { crowds, limits }: Pick<Memory, 'crowds' | 'limits'>) {
    this.#nodes = nodes;
    nodes.forEach(({ keys }, index) => {
      for (const text of keys) {
        const list = this.#byKey.get(text);
        if (list) list.push(index);
        else this.#byKey.set(text, [index]);
      }
    });
    this.#sorted = [...this.#byKey.keys()].sort();
    for (const [text, members] of this.#byKey) {
      const limit = limitOf(limits, kindOfKey(text));
      if (crowds.has(text) || (members.length > limit && this.#people(text, members) > limit))
        this.#crowds.add(text);
    }
  }

  texts(): readonly string[] {
    return this.#sorted;
  }

  all(text: string): readonly number[] {
    return this.#byKey.get(text) ?? [];
  }

  /** Keys of one kind of evidence with those who hold them, in the order of their texts; no crowds. */
  *of(...evidence: readonly Evidence[]): Generator<[string, readonly number[]]> {
    for (const text of this.#sorted)
      if (evidence.includes(evidenceOf(text)) && !this.#crowds.has(text)) yield [text, this.all(text)];
  }

  hints(): Generator<[string, readonly number[]]> {
    return this.of('visitor', 'phone');
  }

  /** Keys that too many people share to identify anybody. */
  crowds(): Refused[] {
    return [...this.#crowds]
      .sort()
      .map((key) => ({ key, reason: 'too many', members: new Set(this.all(key)) }));
  }

  /** The contribution that a reference is to: a record by its own id, or by the id that the hub gave it. */
  named(text: string): number | undefined {
    // A hash of every name is dear where thousands hang together, and few components bear an id of the hub.
    if (text.startsWith('external:')) return this.#hubIds().get(text);
    this.#byOwn ??= new Map(
      this.#nodes.map(({ contribution }, index) => [keyText(recordKey(contribution.ref)), index]),
    );
    return this.#byOwn.get(text);
  }

  #hubIds(): ReadonlyMap<string, number> {
    this.#byHubId ??= new Map(this.#nodes.map(({ name }, index) => [`external:${fingerprint(name)}`, index]));
    return this.#byHubId;
  }

  /** Records for which this is the address that they are written to, with all statements; none without a record. */
  firstAt(text: string, members: readonly number[]): number[] {
    const first = members.filter((index) => this.#nodes[index]?.addresses[0] === text);
    if (!first.some((index) => this.#nodes[index]?.isRecord)) return [];
    const others = members.filter((index) => !this.#nodes[index]?.isRecord);
    return [...new Set([...first, ...others])].sort((a, b) => a - b);
  }

  /** Those who hold a key in the strongest way: the record itself, a live record's address, a live record, anybody. */
  strongest(text: string): readonly number[] {
    const members = this.all(text);
    if (members.length < 2) return members;
    const evidence = evidenceOf(text);
    const named = evidence === 'reference' ? this.named(text) : undefined;
    if (named !== undefined) return [named];
    if (evidence !== 'address') return members;
    const records = members.filter((index) => this.#nodes[index]?.isRecord);
    const first = records.filter((index) => this.#nodes[index]?.addresses[0] === text);
    return [first, records, members].find(({ length }) => length > 0) ?? [];
  }

  /** How many people are known to be behind a key; records that a vendor has merged are one of them. */
  #people(text: string, members: readonly number[]): number {
    const byName = evidenceOf(text) === 'address';
    const known = members.flatMap((index) => {
      const node = this.#nodes[index];
      if (!node || isVendorsOwn(node.contribution, text)) return [];
      const { words, addresses } = node;
      return byName ? (words.length > 1 ? [words.join(' ')] : []) : ([...addresses].sort()[0] ?? []);
    });
    return new Set(known).size;
  }
}
