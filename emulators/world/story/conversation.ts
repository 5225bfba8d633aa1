import type { WorldConversation, WorldPerson, WorldUtm } from '../world.ts';
import { pageUrl } from './campaigns.ts';
import type { Chance } from './chance.ts';
import { type Language, languages, outcomes, phrases, type Topic } from './dialogues.ts';
import { places } from './places.ts';
import { second } from './scene.ts';

export interface ChatPlan {
  readonly key: string;
  readonly visitorId: string;
  /** Who it truly was; the hub learns it only from `identified`. */
  readonly person: WorldPerson | null;
  readonly at: number;
  readonly topic: Topic;
  readonly language?: Language;
  readonly identified?: boolean;
  /** As typed into the chat, when it differs from the person's own. */
  readonly email?: string;
  readonly company?: string;
  readonly utm?: WorldUtm | undefined;
  readonly referrer?: string | null;
  readonly misunderstood?: boolean;
  readonly handedOff?: boolean;
  readonly rating?: number | null;
  /** One more thing that the visitor says. */
  readonly says?: string;
}

const paths: Readonly<Record<Topic, string>> = {
  pricing: '/pricing',
  demo: '/demo',
  integration: '/integrations',
  support: '/help',
};

const referrers: Readonly<Record<string, string>> = {
  google: 'https://www.google.com/',
  bing: 'https://www.bing.com/',
  linkedin: 'https://www.linkedin.com/',
  kestrelway: 'https://partners.kestrelway.example/lumenfold',
  oakenshore: 'https://www.oakenshore.example/partners/',
  adnet: 'https://ads.adnet.example/',
};

/** The page from which somebody comes whom that source sent; null where it leaves none. */
export function referrerOf(source: string | undefined): string | null {
  return referrers[source ?? ''] ?? null;
}

/** Plays a dialogue: greeting, turns, what the bot understood of them, and how it ended. */
export function converse(draw: Chance, plan: ChatPlan): WorldConversation {
  const language = plan.language ?? languageOf(plan.person);
  const messages = speak(draw, plan, language);
  const heard = messages[1]?.at ?? plan.at;
  const spokenAt = messages.at(-1)?.at ?? plan.at;
  const { intent, goal } = outcomes[plan.topic];
  const identifiedAs = plan.identified ? identity(plan, heard + 4 * second) : null;
  const reached = goal !== null && (goal === 'pricing_answered' || identifiedAs !== null);
  const rating = plan.rating ?? null;
  return {
    key: plan.key,
    visitorId: plan.visitorId,
    personKey: plan.person?.key ?? null,
    startedAt: plan.at,
    endedAt: spokenAt + 90 * second,
    landingPage: pageUrl(paths[plan.topic], plan.utm),
    referrer: plan.referrer === undefined ? referrerOf(plan.utm?.source) : plan.referrer,
    language,
    topic: plan.topic,
    messages,
    identifiedAs,
    intents: [{ at: heard, name: intent, confidence: draw.int(62, 99) / 100 }],
    fallbacks: messages
      .filter((message) => message.text === phrases[language].sorry)
      .map((message) => message.at),
    goal: reached ? { at: spokenAt + 5 * second, name: goal } : null,
    handedOffAt: plan.handedOff ? spokenAt + 20 * second : null,
    rating: rating === null ? null : { at: spokenAt + 60 * second, score: rating },
  };
}

function speak(draw: Chance, plan: ChatPlan, language: Language): WorldConversation['messages'] {
  const { greeting, sorry, [plan.topic]: variants } = phrases[language];
  const [opening = '', ...turns] = draw.pick(variants);
  const lines = [greeting, opening, ...(plan.misunderstood ? [sorry, opening] : []), ...turns];
  if (plan.says) lines.push(plan.says, '👍');
  let at = plan.at;
  return lines.map((text, index) => {
    at += draw.int(index % 2 === 0 ? 1 : 8, index % 2 === 0 ? 3 : 45) * second;
    return { at, from: index % 2 === 0 ? 'bot' : 'visitor', text };
  });
}

function identity(plan: ChatPlan, at: number): NonNullable<WorldConversation['identifiedAs']> {
  const { person, company } = plan;
  const email = plan.email ?? person?.email;
  if (!person || !email)
    throw new RangeError(`${plan.key} identifies nobody: it needs a person with an e-mail`);
  const name = [person.firstName, person.lastName].filter(Boolean).join(' ');
  return {
    at,
    email,
    name,
    ...(person.phone ? { phone: person.phone } : {}),
    ...(company ? { company } : {}),
  };
}

function languageOf(person: WorldPerson | null): Language {
  const place = Object.values(places).find((each) => each.country === person?.country);
  return languages.find((language) => language === place?.language) ?? 'en';
}
