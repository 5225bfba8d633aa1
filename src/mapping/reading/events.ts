/** `events:` — the timed facts that a record tells. */
import { trafficOf } from '../../canonical/channel.ts';
import { type CanonicalEvent, type EventType, endings, eventId } from '../../canonical/events.ts';
import type { IdentityKey } from '../../canonical/model.ts';
import { hasUtm, readLandingPage } from '../../canonical/utm.ts';
import type { Json, JsonObject } from '../../support/json.ts';
import { compileWhen } from '../language/conditions.ts';
import { isBlank } from '../language/kinds.ts';
import type { ReadContext, Reader } from '../language/path.ts';
import type { EventEntry, MomentEntry } from '../language/schema.ts';
import type { Scope } from '../language/scope.ts';
import { parseEnd, parseTime } from '../language/time.ts';
import { compileValue, type ValueReader } from '../language/values.ts';
import { compileHistory } from './history.ts';
import { compileKeys, ownKey } from './keys.ts';

export type EventReader = (body: JsonObject, context: ReadContext, into: CanonicalEvent[]) => void;

export function compileEvent(entry: EventEntry, scope: Scope): EventReader {
  if (entry.history === undefined) return compileOnce(entry, scope);
  const changes = compileHistory(entry.history, scope.at('history'));
  const once = compileOnce(entry, scope);
  return (body, context, into) => {
    const { record } = context;
    for (const change of changes(body, context))
      once(body, { record, change, warn: (...said) => context.warn(...said) }, into);
  };
}

function compileOnce(entry: EventEntry, scope: Scope): EventReader {
  const { type } = entry;
  const when = entry.when && compileWhen(entry.when, scope.at('when'));
  const at = compileMoment(entry, scope);
  const subjects = compileSubjects(entry, scope);
  const data = compileData(entry, scope);
  return (body, context, into) => {
    if (when && !when(body, context)) return;
    const keys = subjects(body, context);
    const time = keys.length === 0 ? undefined : at(body, context);
    const told = time === undefined ? null : data(body, context);
    if (time !== undefined && told) into.push(envelope(type, time, keys, told, context));
  };
}

/** The strongest first, as the mapping lists them. */
function compileSubjects(
  { subject }: EventEntry,
  scope: Scope,
): (body: JsonObject, context: ReadContext) => IdentityKey[] {
  if (!subject) return (_, context) => [ownKey(context)];
  const read = compileKeys(subject, scope.at('subject'));
  return (body, context) => {
    const keys: IdentityKey[] = [];
    read(body, context, keys);
    return keys;
  };
}

/** An event is named by its record and time, so that a deal that is won twice is won twice. */
function envelope(
  type: EventType,
  time: number,
  subjects: readonly IdentityKey[],
  data: JsonObject,
  { record: { ref } }: ReadContext,
): CanonicalEvent {
  const id = eventId(ref, type, String(time));
  const [subject = '', ...others] = new Set(subjects.map(({ kind, value }) => `${kind}:${value}`));
  const fallbacks = subject.startsWith('session:') && others.length > 0 ? { fallbacks: others } : {};
  return { id, type, time, source: ref, subject, ...fallbacks, data };
}

type Moment = (body: JsonObject, context: ReadContext) => number | undefined;

/** The first of the places named that holds a time. None does: the event has not taken place. */
function compileMoment({ at, history, type }: EventEntry, scope: Scope): Moment {
  if (at === undefined) {
    if (history === undefined)
      scope.complain(`When does a ${type} happen?`, 'Name the place of its time: `at: CreatedDate`.');
    return (_, { change }) => change?.at;
  }
  const parse = endings.has(type) ? parseEnd : parseTime;
  const moments = [at].flat().map((moment) => oneMoment(moment, scope.at('at'), parse));
  return (body, context) => {
    for (const moment of moments) {
      const time = moment(body, context);
      if (time !== undefined) return time;
    }
    return undefined;
  };
}

/** `{ changed: field }` is when the field took its present value, where that is exactly known. */
function oneMoment(entry: MomentEntry, scope: Scope, parse: typeof parseTime): Moment {
  if (typeof entry === 'string') return timeIn(entry, scope, parse);
  const { changed } = entry;
  const path = scope.fullPath(changed);
  if (scope.file.data.history === '') scope.use(changed);
  else scope.remember(changed);
  return (_, { record }) => {
    const known = record.fieldTimes[path] ?? record.fieldTimes[changed];
    return known?.exact ? known.at : undefined;
  };
}

function timeIn(path: string, scope: Scope, parse: typeof parseTime): Moment {
  const { zone } = scope.file;
  const read = scope.reader(path);
  return (body, context) => {
    const value = read(body, context);
    if (value === undefined || isBlank(value)) return undefined;
    const time = typeof value === 'string' || typeof value === 'number' ? parse(value, zone) : undefined;
    if (time === undefined) context.warn(path, `cannot read ${JSON.stringify(value).slice(0, 80)} as a time`);
    return time;
  };
}

/** Null: the event does not take place (`onlyTagged`, and the page has no UTM). */
type DataReader = (body: JsonObject, context: ReadContext) => JsonObject | null;

function compileData(entry: EventEntry, scope: Scope): DataReader {
  const values = Object.entries(entry.data ?? {}).map(
    ([name, value]) => [name, compileValue(value, scope.at('data', name))] as const,
  );
  const visit = compileVisit(entry, scope);
  const channel = compileChannel(entry, scope);
  return (body, context) => {
    const data: Record<string, Json> = {};
    if (visit && !visit(body, context, data)) return null;
    const told = channel?.(body, context);
    if (told !== undefined) data.channel = told;
    for (const [name, read] of values) {
      const value = read(body, context);
      if (value !== undefined) data[name] = value;
    }
    return data;
  };
}

function compileChannel(entry: EventEntry, scope: Scope): ValueReader | null {
  const { channel, page, type } = entry;
  if (channel === undefined) {
    if (page === undefined && type.startsWith('touch.')) {
      scope.complain(
        `A ${type} needs a channel.`,
        'Name it (`channel: Email`), or the page it happened on (`page: pageUrl`).',
      );
    }
    return null;
  }
  return typeof channel === 'string' ? () => channel : compileValue(channel, scope.at('channel'));
}

/** Adds to the event's data; false when the event does not take place. */
type VisitReader = (body: JsonObject, context: ReadContext, data: Record<string, Json>) => boolean;

/** What the page of a visit tells: UTM, click ids, and the channel that follows from them. */
function compileVisit(entry: EventEntry, scope: Scope): VisitReader | null {
  if (entry.page === undefined) return null;
  const { channelOf, sites } = scope.file;
  const page = scope.at('page').reader(entry.page);
  const referrer = entry.referrer === undefined ? null : scope.at('referrer').reader(entry.referrer);
  return (body, context, data) => {
    const address = textOf(page, body, context);
    const from = referrer ? textOf(referrer, body, context) : '';
    const read = readLandingPage(address);
    if (entry.onlyTagged && !hasUtm(read)) return false;
    data.channel = channelOf(trafficOf(read, address, from, sites));
    if (hasUtm(read)) data.utm = { ...read.utm };
    if (Object.keys(read.clickIds).length > 0) data.clickIds = { ...read.clickIds };
    if (address !== '') data.landingPage = address;
    if (from !== '') data.referrer = from;
    return true;
  };
}

function textOf(read: Reader, body: JsonObject, context: ReadContext): string {
  const value = read(body, context);
  return typeof value === 'string' ? value : '';
}
