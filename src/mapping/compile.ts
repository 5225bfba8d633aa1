/** From the text of a mapping file to functions: everything that can be decided once is decided here. */
import { type ChannelOptions, channelClassifier } from '../canonical/channel.ts';
import { placeholderWords } from '../canonical/placeholders.ts';
import { siteBook } from '../canonical/sites.ts';
import { canonicalJson, fingerprint } from '../support/fingerprint.ts';
import type { Json } from '../support/json.ts';
import { currencyCodes, isCurrencyCode } from '../support/money.ts';
import { didYouMean } from '../support/nearest.ts';
import { Problem } from '../support/problem.ts';
import type { CompiledMapping, CompiledObject, FieldUse, FileDefaults } from './language/compiled.ts';
import { compileExpressions } from './language/expressions.ts';
import { isCountry } from './language/phone.ts';
import type { MappingFile, Section } from './language/schema.ts';
import { type FileScope, Scope } from './language/scope.ts';
import { type Complaints, readSource } from './language/source.ts';
import { normalizer } from './reading/normalize.ts';
import { type CompiledSection, compileSection } from './section.ts';

/** Goes into every version: raise it when the same mapping yields other results than before. */
const engineVersion = 5;

export interface CompileOptions {
  readonly connection: string;
  /** Name of the file for messages: `mappings/salesforce.yaml`. */
  readonly file: string;
  /** System → connection, for rules and keys that name another system. Unnamed ones go by their own name. */
  readonly connections?: Readonly<Record<string, string>>;
  /** The hub's defaults, where the file has none. Without a country only international phone numbers are read. */
  readonly country?: string;
  readonly currency?: string;
  readonly channels?: ChannelOptions;
  /** Ids that identify nobody, besides those that the hub knows. */
  readonly placeholders?: readonly string[];
}

export interface Inspection {
  /** Null when anything is wrong. */
  readonly mapping: CompiledMapping | null;
  readonly problems: readonly Problem[];
}

/** Throws the first problem, which tells how many more there are; `inspectMapping` lists them all. */
export function compileMapping(text: string, options: CompileOptions): CompiledMapping {
  const { mapping, problems } = inspectMapping(text, options);
  if (mapping) return mapping;
  const [first] = problems;
  if (!first) throw new Problem('configuration', 'The mapping is empty.', { where: options.file });
  const more = problems.length > 1 ? ` (${problems.length - 1} more problems in this file)` : '';
  throw new Problem('configuration', first.message + more, {
    ...(first.where === undefined ? {} : { where: first.where }),
    ...(first.remedy === undefined ? {} : { remedy: first.remedy }),
  });
}

export function inspectMapping(text: string, options: CompileOptions): Inspection {
  const { data, complaints } = readSource(text, options.file);
  if (!data) return { mapping: null, problems: complaints.problems };
  const file = fileScope(data, complaints, options);
  const objects = Object.fromEntries(
    Object.keys(data.objects).map((object) => [
      object,
      compileObject(object, file, versionOf(object, data, options)),
    ]),
  );
  if (complaints.problems.length > 0) return { mapping: null, problems: complaints.problems };
  const version = fingerprint(
    Object.values(objects)
      .map((object) => `${object.object} ${object.version}`)
      .sort()
      .join('\n'),
    16,
  );
  const defaults = defaultsOf(data, complaints);
  return {
    mapping: { connection: options.connection, file: options.file, defaults, version, objects },
    problems: [],
  };
}

function defaultsOf({ defaults: { country, currency } }: MappingFile, complaints: Complaints): FileDefaults {
  return {
    ...(country === undefined ? {} : { country }),
    ...(currency === undefined ? {} : { currency }),
    line: complaints.lineOf(['defaults']),
  };
}

function fileScope(data: MappingFile, complaints: Complaints, options: CompileOptions): FileScope {
  const { defaults, system } = data;
  checkDefaults(data, complaints);
  return {
    data,
    complaints,
    connection: options.connection,
    connectionOf: (name) => (name === system ? options.connection : (options.connections?.[name] ?? name)),
    country: defaults.country ?? options.country ?? null,
    currency: defaults.currency ?? options.currency ?? 'USD',
    zone: defaults.timeZone ?? 'UTC',
    blankWords: new Set((defaults.blank ?? []).map((word) => word.trim().toLowerCase())),
    placeholders: placeholderWords(options.placeholders ?? []),
    channelOf: channelClassifier(options.channels),
    sites: siteBook(options.channels),
  };
}

function checkDefaults({ defaults: { country, currency } }: MappingFile, complaints: Complaints): void {
  if (country !== undefined && !isCountry(country)) {
    const remedy = 'Write the two letters of ISO 3166, such as DE.';
    complaints.add(['defaults', 'country'], `"${country}" is not a country code.`, remedy);
  }
  if (currency !== undefined && !isCurrencyCode(currency)) {
    const remedy = didYouMean(currency, currencyCodes);
    complaints.add(['defaults', 'currency'], `"${currency}" is not a currency code of ISO 4217.`, remedy);
  }
}

function compileObject(object: string, file: FileScope, version: string): CompiledObject {
  const scope = new Scope(file, object, ['objects', object]);
  const entry = file.data.objects[object];
  const sections = Array.isArray(entry)
    ? entry.map((section, index) => compileSection(section, scope.at(index)))
    : [compileSection(entry ?? ({} satisfies Section), scope)];
  const writing = writingSection(sections, scope);
  const entities = [...new Set(sections.flatMap(({ entity }) => entity ?? []))];
  const [sender] = sections.flatMap((section) => section.sender ?? []);
  const prepare = compileExpressions(scope.expressions, file);
  return {
    object,
    version,
    line: scope.line,
    entity: writing?.entity ?? null,
    entities,
    concerns: [...new Set([...entities, ...sections.flatMap(({ ties }) => ties)])],
    fields: sections.flatMap(({ fields }) => fields),
    vendorFields: [...new Set(scope.uses.map(({ vendor }) => vendor))],
    histories: [...new Set(scope.histories)],
    watched: new Set(sections.flatMap(({ reader }) => reader.watched.paths)),
    uses: distinctUses(scope.uses),
    ...(writing?.writer ?? { references: [], provisions: [], details: [] }),
    ...(sender ? { sender } : {}),
    ...(prepare ? { prepare } : {}),
    normalize: normalizer(
      sections.map(({ reader }) => reader),
      (line = scope.line) => file.complaints.placeOf(line),
    ),
  };
}

/** Of several sections one may write, else the hub could not tell which entity a record to write stands for. */
function writingSection(sections: readonly CompiledSection[], scope: Scope): CompiledSection | undefined {
  const writing = sections.filter(
    ({ writer, fields }) => writer.create !== undefined || fields.some(({ pushes }) => pushes),
  );
  if (writing.length > 1) {
    scope.complain(
      `Two sections of "${scope.object}" write.`,
      'Put all fields that are pushed into one section.',
    );
  }
  return writing[0] ?? sections.find(({ entity }) => entity !== null);
}

function distinctUses(uses: readonly FieldUse[]): FieldUse[] {
  return [...new Map(uses.map((use) => [`${use.vendor}:${use.line}`, use])).values()];
}

/** Comments and line breaks change nothing; whatever bears on this object's results does. */
function versionOf(object: string, { objects, ...common }: MappingFile, options: CompileOptions): string {
  const { file: _, ...settings } = options;
  const content = { engineVersion, common, settings, object, sections: objects[object] };
  return fingerprint(canonicalJson(JSON.parse(JSON.stringify(content)) as Json), 16);
}
