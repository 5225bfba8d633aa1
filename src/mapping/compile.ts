/** From the text of a mapping file to functions: everything that can be decided once is decided here. */
import { type ChannelOptions, channelClassifier } from '../canonical/channel.ts';
import { canonicalJson, fingerprint } from '../support/fingerprint.ts';
import type { Json } from '../support/json.ts';
import { Problem } from '../support/problem.ts';
import type { CompiledMapping, CompiledObject, FieldUse } from './compiled.ts';
import { compileExpressions } from './expressions.ts';
import { normalizer } from './normalize.ts';
import type { MappingFile, Section } from './schema.ts';
import { type FileScope, Scope } from './scope.ts';
import { type CompiledSection, compileSection } from './section.ts';
import { type Complaints, readSource } from './source.ts';

/** Goes into every version: raise it when the same mapping yields other results than before. */
const engineVersion = 1;

export interface CompileOptions {
  readonly connection: string;
  /** Name of the file for messages: `mappings/salesforce.yaml`. */
  readonly file: string;
  /** System → connection, for rules and keys that name another system. Unnamed ones go by their own name. */
  readonly connections?: Readonly<Record<string, string>>;
  /** The hub's defaults, where the file has none. */
  readonly country?: string;
  readonly currency?: string;
  readonly channels?: ChannelOptions;
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
  return { mapping: { connection: options.connection, file: options.file, version, objects }, problems: [] };
}

function fileScope(data: MappingFile, complaints: Complaints, options: CompileOptions): FileScope {
  const { defaults, system } = data;
  return {
    data,
    complaints,
    connection: options.connection,
    connectionOf: (name) => (name === system ? options.connection : (options.connections?.[name] ?? name)),
    country: defaults.country ?? options.country ?? 'US',
    currency: defaults.currency ?? options.currency ?? 'USD',
    zone: defaults.timeZone ?? 'UTC',
    blankWords: new Set((defaults.blank ?? []).map((word) => word.trim().toLowerCase())),
    channelOf: channelClassifier(options.channels),
  };
}

function compileObject(object: string, file: FileScope, version: string): CompiledObject {
  const scope = new Scope(file, object, ['objects', object]);
  const entry = file.data.objects[object];
  const sections = Array.isArray(entry)
    ? entry.map((section, index) => compileSection(section, scope.at(index)))
    : [compileSection(entry ?? ({} satisfies Section), scope)];
  const writing = writingSection(sections, scope);
  const prepare = compileExpressions(scope.expressions, file);
  return {
    object,
    version,
    line: scope.line,
    entity: writing?.entity ?? null,
    fields: sections.flatMap(({ fields }) => fields),
    vendorFields: [...new Set(scope.uses.map(({ vendor }) => vendor))],
    histories: [...new Set(scope.histories)],
    uses: distinctUses(scope.uses),
    ...(writing?.writer ?? { references: [], provisions: [] }),
    ...(prepare ? { prepare } : {}),
    normalize: normalizer(sections.map(({ reader }) => reader)),
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
