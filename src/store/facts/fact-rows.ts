/** What one record says, as rows, with a hash by which it is known again. */

import type { CanonicalEvent, EventType } from '../../canonical/events.ts';
import type { Contribution, Link } from '../../canonical/model.ts';
import { contributionName, keyText, parseRef, refText } from '../../canonical/names.ts';
import { fingerprint } from '../../support/fingerprint.ts';
import type { NormalizedRecord } from '../contract/facts.ts';
import { fromJson } from '../database/json.ts';
import type { Row } from '../database/tables.ts';
import { keyName } from '../names.ts';

export interface RecordFacts {
  readonly ref: string;
  readonly hash: string;
  readonly version: string | null;
  readonly said: readonly Contribution[];
  readonly contributions: readonly Row<'contribution'>[];
  readonly links: readonly Row<'link'>[];
  readonly formerLinks: readonly Row<'former_link'>[];
  readonly events: readonly Row<'event'>[];
}

export function factsOf(record: NormalizedRecord): RecordFacts {
  const ref = refText(record.ref);
  const contributions = record.contributions.map((contribution) => contributionRow(ref, contribution));
  const links = record.links.map((link, position) => linkRow(ref, position, link));
  const formerLinks = (record.formerLinks ?? []).map((link, position) => formerLinkRow(ref, position, link));
  const events = record.events.map((event) => eventRow(ref, event));
  return {
    ref,
    hash: hashOf(contributions, [...links, ...formerLinks], events),
    version: record.version ?? null,
    said: record.contributions,
    contributions,
    links,
    formerLinks,
    events,
  };
}

function hashOf(
  contributions: readonly Row<'contribution'>[],
  links: readonly (Row<'link'> | Row<'former_link'>)[],
  events: readonly Row<'event'>[],
): string {
  const said = contributions.map(({ data }) => data);
  return fingerprint([...said, JSON.stringify(links), JSON.stringify(events)].join('\n'));
}

/** A record that never said anything and still says nothing leaves no row. */
export const nothingSaid = hashOf([], [], []);

function contributionRow(ref: string, contribution: Contribution): Row<'contribution'> {
  return { name: contributionName(contribution), ref, data: JSON.stringify(contribution) };
}

export function keyRows({ ref, kind, keys }: Contribution): Row<'contribution_key'>[] {
  const name = contributionName({ ref, kind });
  return [...new Set(keys.map((key) => keyName(kind, keyText(key))))].map((key) => ({ key, name }));
}

/** Keys that it held and holds no more: those that it still holds lead to it anyway. */
export function formerKeyRows({ ref, kind, keys, former = [] }: Contribution): Row<'former_key'>[] {
  const present = new Set(keys.map(keyText));
  const gone = former.flatMap((one) => one.keys.map(keyText)).filter((text) => !present.has(text));
  const name = contributionName({ ref, kind });
  return [...new Set(gone)].map((text) => ({ key: keyName(kind, text), name }));
}

function linkRow(
  ref: string,
  position: number,
  { relation, from, to, role, primary, since }: Link,
): Row<'link'> {
  return {
    ref,
    position,
    relation,
    from_key: keyText(from),
    to_key: keyText(to),
    role: role ?? null,
    is_primary: primary === undefined ? null : Number(primary),
    since: since ?? null,
  };
}

function formerLinkRow(ref: string, position: number, link: Link): Row<'former_link'> {
  return { ...linkRow(ref, position, link), until: link.until ?? 0 };
}

function eventRow(ref: string, { id, type, time, subject, fallbacks, data }: CanonicalEvent): Row<'event'> {
  const others = fallbacks === undefined ? null : JSON.stringify(fallbacks);
  return { id, type, time, ref, subject, fallbacks: others, data: JSON.stringify(data) };
}

export function eventOf(row: Row<'event'>): CanonicalEvent {
  const { id, type, time, ref, subject, fallbacks, data } = row;
  const others = fallbacks === null ? {} : { fallbacks: fromJson<string[]>(fallbacks) };
  return {
    ...{ id, type: type as EventType, time, source: parseRef(ref), subject },
    ...others,
    data: fromJson(data),
  };
}
