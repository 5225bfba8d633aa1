/** Records as the wire shows them: `attributes` first, parents nested, in the order of the selection. */
import type { Json } from '../../../src/support/json.ts';
import type { Row } from '../schema/model.ts';
import type { Step } from './columns.ts';

export type Project = (row: Row) => Json;

/** What one record becomes; children and parents are parts that are projected in turn. */
export class Shape {
  readonly #version: string;
  readonly #typeOf: (row: Row) => string;
  /** Parents of several possible types call themselves `Name`. */
  readonly #shownType: string | undefined;
  readonly #parts = new Map<string, Project>();
  readonly #parents = new Map<string, Shape>();

  constructor(version: string, typeOf: (row: Row) => string, shownType?: string) {
    this.#version = version;
    this.#typeOf = typeOf;
    this.#shownType = shownType;
  }

  /** False when it is there already. */
  add(name: string, project: Project): boolean {
    if (this.#parts.has(name)) return false;
    this.#parts.set(name, project);
    return true;
  }

  /** The shape of the parent at the end of the steps, made where it is missing. */
  descend(steps: readonly Step[], typeOf: (row: Row) => string): Shape {
    const [step, ...rest] = steps;
    if (step === undefined) return this;
    let parent = this.#parents.get(step.name);
    if (parent === undefined) {
      parent = new Shape(this.#version, typeOf, step.object === undefined ? 'Name' : undefined);
      this.#parents.set(step.name, parent);
      this.add(step.name, parent.#through(step));
    }
    return parent.descend(rest, typeOf);
  }

  #through(step: Step): Project {
    return (row) => {
      const parent = step.follow(row);
      return parent === undefined ? null : this.project(parent);
    };
  }

  project(row: Row): { [name: string]: Json } {
    const type = this.#typeOf(row);
    const shown: { [name: string]: Json } = {
      attributes: {
        type: this.#shownType ?? type,
        url: `/services/data/v${this.#version}/sobjects/${type}/${row.Id}`,
      },
    };
    for (const [name, project] of this.#parts) shown[name] = project(row);
    return shown;
  }
}
