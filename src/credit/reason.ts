/** Why a deal has its chat credit, in words that fit a CRM's text field. */
import type { Interval, Model } from '../attribution/model.ts';
import type { CreditContext } from './context.ts';

export const longestReason = 255;

export interface ChatPart {
  /** Positions of the chats in the journey. */
  readonly chats: readonly number[];
  readonly share: number;
  readonly interval: Interval | undefined;
}

/** The longest of its forms that fits. What the share rests on is in each of them. */
export function reasonOf(context: CreditContext, part: ChatPart): string {
  const because = context.instead ? `; it is used because ${decapitalized(context.instead)}` : '';
  const gives = `${context.model.title} gives them ${percent(part.share, 2)}${evidence(context, part)}${because}.`;
  const forms = [
    `${counted(context, part)} (no. ${positions(part)}). ${gives}`,
    `${counted(context, part)}. ${gives}`,
    `Chats: ${gives}`,
  ];
  return forms.find((form) => form.length <= longestReason) ?? `${gives.slice(0, longestReason - 1)}…`;
}

function counted({ journey, lookbackDays }: CreditContext, { chats }: ChatPart): string {
  const total = journey.journey.touches.length;
  const touches = total === 1 ? '1 touch' : `${total} touches`;
  const were = chats.length === 1 ? 'was a chat' : 'were chats';
  return `${chats.length} of ${touches} in the last ${lookbackDays} days before the end ${were}`;
}

function positions({ chats }: ChatPart): string {
  const numbers = chats.slice(0, 5).map((index) => index + 1);
  return chats.length > 5 ? `${numbers.join(', ')} …` : numbers.join(', ');
}

/** Interval, number of won deals and version: credit from data is never shown without them. */
function evidence({ model }: CreditContext, { interval }: ChatPart): string {
  return interval && model.evidence ? ` (${evidenceText(model, interval)})` : '';
}

function evidenceText({ evidence: told, version }: Model, { low, high }: Interval): string {
  return `95 % interval ${percent(low, 1)} to ${percent(high, 1)}; n = ${told?.conversions ?? 0}; fit ${version}`;
}

/** Why one touch has its share. What the share rests on comes first, and is never cut off. */
export function touchReasonOf({ journey, model, split, baseline }: CreditContext, index: number): string {
  const reason = split.reason(index);
  const of = baseline === 'with' ? 'everything' : 'touches';
  const interval = model.evidence?.interval(journey.journey, [index], of);
  if (!interval) return reason;
  const whole = `${evidenceText(model, interval)}. ${reason}`;
  if (whole.length <= longestReason) return whole;
  const clause = whole.lastIndexOf('; ', longestReason - 1);
  const isInReason = clause > whole.length - reason.length;
  return isInReason ? `${whole.slice(0, clause)}.` : `${whole.slice(0, longestReason - 1)}…`;
}

function percent(share: number, decimals: number): string {
  return `${(share * 100).toFixed(decimals)} %`;
}

function decapitalized(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
