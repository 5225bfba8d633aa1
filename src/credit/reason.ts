/** Why a deal has its chat credit, in words that fit a CRM's text field. */
import type { Interval } from '../attribution/model.ts';
import type { CreditContext } from './chat.ts';

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
  if (!model.evidence || !interval) return '';
  const between = `95 % interval ${percent(interval.low, 1)} to ${percent(interval.high, 1)}`;
  return ` (${between}; n = ${model.evidence.conversions}; fit ${model.version})`;
}

function percent(share: number, decimals: number): string {
  return `${(share * 100).toFixed(decimals)} %`;
}

function decapitalized(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
