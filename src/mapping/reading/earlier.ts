/** Adds to what a record says what it said before, and since when its keys and links are known. */
import type { Contribution, Former, IdentityKey, Link } from '../../canonical/model.ts';
import type { MappedRecord, Normalized } from '../language/compiled.ts';
import type { ReadContext } from '../language/path.ts';
import { type FormerBody, formerBodies, knownFrom } from './former.ts';
import { ownKey } from './keys.ts';
import { distinctLinks, linkName } from './links.ts';
import { contributes, type SectionReader } from './section-reader.ts';
import { names } from './watched.ts';

export function withEarlier(
  sections: readonly SectionReader[],
  record: MappedRecord,
  said: Normalized,
): Normalized {
  const found = sections.map((section) => ({
    section,
    // Facts do not change, and one that is deleted was none.
    bodies: section.immutable ? [] : formerBodies(record, section.watched, silent(record)),
  }));
  const contributions = said.contributions.map((contribution) => {
    const own = found.find(({ section }) => section.entity === contribution.kind && contributes(section));
    return own ? withFormer(contribution, own.section, own.bodies, record) : contribution;
  });
  const formerLinks: Link[] = [];
  const since = new Map<string, number>();
  for (const { section, bodies } of found) {
    if (section.relations.length === 0 || bodies.length === 0) continue;
    const told = [...bodies.map(({ body }) => body), ...(record.tombstone ? [] : [record.body])];
    const ends = bodies.map(({ until }) => until);
    const runs = runsOf(told.map((body) => linksIn(section, record, body)));
    for (const { link, first, last } of runs) {
      const began = first === 0 ? {} : { since: ends[first - 1] ?? 0 };
      const end = ends[last];
      if (end === undefined) since.set(linkName(link), ends[first - 1] ?? record.createdAt);
      else formerLinks.push({ ...link, ...began, until: end });
    }
  }
  const links = said.links.map((link) => {
    const at = since.get(linkName(link));
    return at === undefined || at <= record.createdAt ? link : { ...link, since: at };
  });
  return { ...said, contributions, links, ...(formerLinks.length > 0 ? { formerLinks } : {}) };
}

/** What could not be read of an earlier body was said when it was the present one. */
function silent(record: MappedRecord): ReadContext {
  return { record, warn: () => undefined };
}

function withFormer(
  contribution: Contribution,
  section: SectionReader,
  bodies: readonly FormerBody[],
  record: MappedRecord,
): Contribution {
  // Nobody asks who a deal or an organization was.
  if (contribution.kind !== 'Person' || section.immutable || record.tombstone?.kind === 'erased')
    return contribution;
  const from = knownFrom(record, section.watched, silent(record));
  const former = distinct(bodies.map((one) => formerOf(section, record, one)));
  const last = former.at(-1);
  // A change of a field that says nothing here, such as one that only ties.
  if (
    last &&
    !contribution.withdrawn &&
    sameSaid(last, { ...contribution, values: namesAmong(contribution.values) })
  )
    former.pop();
  return {
    ...contribution,
    ...(former.length > 0 ? { former } : {}),
    ...(from > contribution.createdAt ? { knownFrom: from } : {}),
  };
}

function formerOf(section: SectionReader, record: MappedRecord, { until, body }: FormerBody): Former {
  const context = silent({ ...record, body });
  const keys: IdentityKey[] = [ownKey(context)];
  if (section.when !== null && !section.when(body, context)) return { until, keys, values: {} };
  section.match?.(body, context, keys);
  const told = section.fields
    .filter(({ canonical }) => names.includes(canonical))
    .map((field) => [field.canonical, field.read(body, context)] as const);
  const values = told.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, { value, at: until, exact: false }]],
  );
  return { until, keys, values: Object.fromEntries(values) };
}

function namesAmong(values: Contribution['values']): Contribution['values'] {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}

/** Of neighbours that say the same the later one. */
function distinct(former: readonly Former[]): Former[] {
  return former.filter((one, index) => {
    const next = former[index + 1];
    return next === undefined || !sameSaid(one, next);
  });
}

type Said = Pick<Former, 'keys' | 'values'>;

function sameSaid(one: Said, other: Said): boolean {
  return saidText(one) === saidText(other);
}

function saidText({ keys, values }: Said): string {
  return JSON.stringify([keys, names.map((name) => values[name]?.value ?? null)]);
}

function linksIn(section: SectionReader, record: MappedRecord, body: FormerBody['body']): Link[] {
  const context = silent({ ...record, body });
  const links: Link[] = [];
  if (section.when !== null && !section.when(body, context)) return links;
  for (const read of section.relations) read(body, context, links);
  return distinctLinks(links);
}

interface Run {
  readonly link: Link;
  /** Index of the first and of the last body that tells of it without a break. */
  readonly first: number;
  readonly last: number;
}

function runsOf(bodies: readonly (readonly Link[])[]): Run[] {
  const runs: Run[] = [];
  const open = new Map<string, Run>();
  bodies.forEach((links, index) => {
    const there = new Map(links.map((link) => [linkName(link), link]));
    for (const [name, run] of open) if (!there.has(name)) runs.push(run);
    for (const name of [...open.keys()]) if (!there.has(name)) open.delete(name);
    for (const [name, link] of there)
      open.set(name, { link, first: open.get(name)?.first ?? index, last: index });
  });
  return [...runs, ...open.values()];
}
