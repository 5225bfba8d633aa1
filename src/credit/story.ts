/** A chat as one would tell it: who asked about what, when, and what came of it. */
import type { DealJourney } from '../journey/build.ts';

export interface Who {
  readonly name: string;
  /** In the deal, else in their company. */
  readonly role: string | null;
}

/** By person; who is not among them has no name. */
export type People = Readonly<Record<string, Who>>;

/** Topics that want another word after "asked about". */
const topicWords: Readonly<Record<string, string>> = {
  demo: 'a demo',
  trial: 'a trial',
  quote: 'a quote',
  integration: 'integrations',
};

/** What came of it, after "and". */
const goalWords: Readonly<Record<string, string>> = {
  meeting_booked: 'booked a meeting',
  demo_booked: 'booked a demo',
  demo_requested: 'asked for a demo',
  call_booked: 'booked a call',
  trial_started: 'started a trial',
  quote_requested: 'asked for a quote',
  lead_captured: 'left contact details',
  pricing_answered: 'got prices',
};

const longestTopic = 60;

/** `Ines Quill (Decision Maker) asked about pricing on 12 Oct 2026 and booked a meeting`. */
export function storyOf(journey: DealJourney, people: People, index: number, withRole = true): string {
  const outcome = outcomeOf(journey, index);
  const who = whoOf(journey, people, index, withRole);
  const asked = `${who} ${topicClause(journey.topics[index] ?? null)} on ${dayOf(journey, index)}`;
  return outcome === null ? asked : `${asked} and ${outcome}`;
}

/** `Ines Quill: pricing, 12 Oct 2026`; the name of a row in a list. */
export function titleOf(journey: DealJourney, people: People, index: number): string {
  const topic = journey.topics[index];
  const about = typeof topic === 'string' ? cut(spoken(topic)) : 'chat';
  return `${whoOf(journey, people, index, false)}: ${about}, ${dayOf(journey, index)}`;
}

export function outcomeOf({ chats = [] }: DealJourney, index: number): string | null {
  const goal = chats[index]?.goal ?? null;
  if (goal === null) return null;
  return goalWords[goal.toLowerCase().replaceAll(/[\s-]+/g, '_')] ?? `reached "${cut(spoken(goal))}"`;
}

/** The chat that says most: of somebody with a name who achieved something, else the first of one of these. */
export function tellingChat(
  { journey, chats = [] }: DealJourney,
  people: People,
  indexes: readonly number[],
) {
  const weight = (index: number) => {
    const hasName = people[journey.touches[index]?.person ?? ''] !== undefined;
    return (hasName ? 2 : 0) + (chats[index]?.goal ? 1 : 0);
  };
  return indexes.reduce((best, index) => (weight(index) > weight(best) ? index : best), indexes[0] ?? 0);
}

function whoOf({ journey }: DealJourney, people: People, index: number, withRole: boolean): string {
  const who = people[journey.touches[index]?.person ?? ''];
  if (!who) return 'A visitor';
  return withRole && who.role !== null ? `${who.name} (${cut(who.role)})` : who.name;
}

function topicClause(topic: string | null): string {
  if (topic === null) return 'chatted';
  const said = spoken(topic);
  return `asked about ${topicWords[said.toLowerCase()] ?? cut(said)}`;
}

function spoken(word: string): string {
  return word.replaceAll(/[_\s]+/g, ' ').trim();
}

function cut(text: string): string {
  return text.length > longestTopic ? `${text.slice(0, longestTopic - 1)}…` : text;
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `12 Oct 2026`, UTC. */
export function dayOf({ journey }: DealJourney, index: number): string {
  const date = new Date(journey.touches[index]?.time ?? 0);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}
