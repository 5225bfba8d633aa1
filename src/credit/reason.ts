/** Why a deal has its chat credit, in words that a salesperson believes and that fit a CRM's text field. */
import { evidenceWords, likelyLevel } from '../attribution/evidence-words.ts';
import type { Interval } from '../attribution/model.ts';
import type { CreditContext } from './context.ts';
import { countsText } from './counts.ts';
import { peopleNote } from './people.ts';
import { storyOf, tellingChat } from './story.ts';

const longestReason = 255;

export interface ChatPart {
  /** Positions of the chats in the journey. */
  readonly chats: readonly number[];
  readonly share: number;
  /** In which the share likely is. */
  readonly likely: Interval | undefined;
}

/**
 * The longest of its forms that fits: who chatted about what and what came of it, how many of the touches were chats,
 * the share with all it rests on, and where to look. What the share rests on is in each form.
 */
export function reasonOf(context: CreditContext, part: ChatPart): string {
  const { journey, people = {} } = context;
  const chat = tellingChat(journey, people, part.chats);
  const counts = (withReasons: boolean) => countsText(journey, part.chats.length, withReasons);
  const gives = gaveText(context, part);
  const unknown = context.amount === null ? ' Of what amount is not known.' : '';
  const also = unknown + (peopleNote[context.peopleFrom] ?? '');
  const forms = [
    `${storyOf(journey, people, chat)}; ${counts(true)}. ${gives}${also}${whereText(context, chat)}`,
    `${storyOf(journey, people, chat)}; ${counts(true)}. ${gives}${also}`,
    `${storyOf(journey, people, chat, false)}; ${counts(false)}. ${gives}${also}`,
    `${storyOf(journey, people, chat, false)}. ${gives}${also}`,
    `${capitalized(counts(false))} were chats. ${gives}${also}`,
    `${gives}${also}`,
    `${gives}${unknown}`,
  ];
  return forms.find((form) => form.length <= longestReason) ?? cutTo(gives);
}

/** `Position 40/20/40 gives the chats 14 %.` */
function gaveText(context: CreditContext, { chats, share, likely }: ChatPart): string {
  const { model, instead } = context;
  const because = instead ? `; it is used because ${decapitalized(instead)}` : '';
  const sure = likely && model.evidence ? ` (${evidenceWords(model.evidence, likely)})` : '';
  const receiver = chats.length === 1 ? 'the chat' : 'the chats';
  return `${model.title} gives ${receiver} ${percent(share)}${sure}${because}.`;
}

function whereText({ journey }: CreditContext, index: number): string {
  const { url = null, session = null } = journey.chats?.[index] ?? {};
  if (url !== null) return ` See ${url}`;
  return session === null ? '' : ` Conversation ${session}.`;
}

/** Why one touch has its share. What the share rests on comes first, and is never cut off. */
export function touchReasonOf({ journey, model, split, baseline }: CreditContext, index: number): string {
  const reason = split.reason(index);
  const of = baseline === 'with' ? 'everything' : 'touches';
  const likely = model.evidence?.interval(journey.journey, [index], of, likelyLevel);
  if (!likely || !model.evidence) return reason;
  const whole = `${capitalized(evidenceWords(model.evidence, likely))}. ${reason}`;
  if (whole.length <= longestReason) return whole;
  const clause = whole.lastIndexOf('; ', longestReason - 1);
  const isInReason = clause > whole.length - reason.length;
  return isInReason ? `${whole.slice(0, clause)}.` : cutTo(whole);
}

function cutTo(text: string): string {
  return text.length > longestReason ? `${text.slice(0, longestReason - 1)}…` : text;
}

/**
 * Whole percent: a share of two touches in fourteen is not known to a hundredth.
 *
 * @param whole the percents to show, where they are to sum with others to a whole: see `wholeUnits`
 */
export function percent(share: number, whole = Math.round(share * 100)): string {
  if (share > 0 && whole === 0) return 'under 1 %';
  if (share < 1 && whole === 100) return 'over 99 %';
  return `${whole} %`;
}

function capitalized(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function decapitalized(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
