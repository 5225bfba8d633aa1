/** A place in a mapping file, with all that compiling anything there needs. */
import type { ChannelOf } from '../../canonical/channel.ts';
import type { Sites } from '../../canonical/sites.ts';
import { didYouMean } from '../../support/nearest.ts';
import type { FieldUse } from './compiled.ts';
import { compilePath, fullPath, isVendorField, nameOf, type Reader } from './path.ts';
import type { MappingFile } from './schema.ts';
import type { Complaints, SourcePath } from './source.ts';

/** What holds for the whole file. */
export interface FileScope {
  readonly data: MappingFile;
  readonly complaints: Complaints;
  /** The connection that is read and written through this mapping. */
  readonly connection: string;
  /** The connection that stands for a system named in the file. */
  connectionOf(system: string): string;
  readonly country: string | null;
  readonly currency: string;
  readonly zone: string;
  /** Lower-case words that count as blank. */
  readonly blankWords: ReadonlySet<string>;
  /** Words of hub.yaml that identify nobody, besides those that the hub knows. */
  readonly placeholders: ReadonlySet<string>;
  readonly channelOf: ChannelOf;
  readonly sites: Sites;
}

/** An expression in JSONata, under the name by which its value is found again. */
export interface Expression {
  readonly name: string;
  readonly text: string;
  /** Member of the record that it starts from; empty: the record. */
  readonly root: string;
  readonly line: number;
}

export class Scope {
  readonly file: FileScope;
  readonly path: SourcePath;
  readonly object: string;
  /** Every vendor field that the object reads or writes, in the order of the file. */
  readonly uses: FieldUse[];
  /** Vendor fields whose past values are read. */
  readonly histories: string[];
  readonly expressions: Expression[];
  /** Where records of this section say their own country; null: they do not. */
  readonly country: Reader | null;
  /** What paths start from: a member of the record, or (null) an element of a list in it. */
  readonly #root: string | null;

  constructor(
    file: FileScope,
    object: string,
    path: SourcePath,
    from?: Scope,
    root: string | null = file.data.root,
    country: Reader | null = from?.country ?? null,
  ) {
    this.file = file;
    this.object = object;
    this.path = path;
    this.uses = from?.uses ?? [];
    this.histories = from?.histories ?? [];
    this.expressions = from?.expressions ?? [];
    this.country = country;
    this.#root = root;
  }

  at(...steps: SourcePath): Scope {
    return new Scope(this.file, this.object, [...this.path, ...steps], this, this.#root);
  }

  withRoot(root: string): Scope {
    return new Scope(this.file, this.object, this.path, this, root);
  }

  withCountry(country: Reader | null): Scope {
    return new Scope(this.file, this.object, this.path, this, this.#root, country);
  }

  /** The same place, where paths start at an element of a list. */
  inElement(): Scope {
    return new Scope(this.file, this.object, this.path, this, null);
  }

  get root(): string {
    return this.#root ?? '';
  }

  get line(): number {
    return this.file.complaints.lineOf(this.path);
  }

  complain(message: string, remedy: string): void {
    this.file.complaints.add(this.path, message, remedy);
  }

  /** Complains of a name that is not among those known; `more` goes behind the suggestion. */
  expect(name: string, known: readonly string[], message: string, more = ''): void {
    if (!known.includes(name)) this.complain(message, `${didYouMean(name, known)} ${more}`.trim());
  }

  /** Path in a landed body. */
  fullPath(path: string): string {
    return this.#root === null ? nameOf(path) : fullPath(nameOf(path), this.#root);
  }

  /** Compiles a path and notes that the vendor must be asked for it. */
  reader(path: string): Reader {
    if (this.#root !== null) this.use(path);
    return compilePath(this.fullPath(path));
  }

  /** Notes that the vendor must be asked for the past values of a field, too. */
  remember(path: string): void {
    this.use(path);
    this.histories.push(nameOf(path));
  }

  use(path: string): void {
    const vendor = nameOf(path);
    if (!isVendorField(vendor)) return;
    this.uses.push({ vendor, path: this.fullPath(path), line: this.line, optional: vendor !== path });
  }
}
