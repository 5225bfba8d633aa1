/** Channel names as small integers, in the order in which they were first seen. */
export class Channels {
  readonly names: string[] = [];
  readonly #ids = new Map<string, number>();

  get size(): number {
    return this.names.length;
  }

  /** The channel's id; a name that is new gets the next one. */
  id(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    this.#ids.set(name, this.names.length);
    return this.names.push(name) - 1;
  }

  /** Ids in the order of the names (by code unit): the one order that does not depend on what was read first. */
  sorted(): number[] {
    const { names } = this;
    return names.map((_, id) => id).sort((a, b) => compare(names[a] ?? '', names[b] ?? ''));
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
