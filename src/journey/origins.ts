/** Where a touch came from, as far as its events tell: what credit can be grouped by besides its channel. */
import type { CanonicalEvent } from '../canonical/events.ts';
import { isJsonObject, type Json, type JsonObject } from '../support/json.ts';
import type { FoldedTouch } from './touches.ts';

export interface Origin {
  readonly campaign: string | null;
  readonly source: string | null;
  readonly medium: string | null;
  readonly content: string | null;
  /** Which bot talked; null: no chat of the chatbot. */
  readonly bot: string | null;
}

export const noOrigin: Origin = { campaign: null, source: null, medium: null, content: null, bot: null };

/** Of the event whose channel the touch has. A visit without UTM has the site that it came from as its source. */
export function originOf({ touch, events }: FoldedTouch): Origin {
  const event = events.find(({ id }) => id === touch.eventId);
  if (!event) return noOrigin;
  const { campaign, source, medium, content } = utmOf(event);
  return {
    campaign: textOf(campaign) ?? textOf(event.data.campaign),
    source: textOf(source) ?? (touch.channel === 'Direct' ? null : siteOf(event.data.referrer)),
    medium: textOf(medium),
    content: textOf(content),
    bot: touch.channel === 'Chat' ? (textOf(event.data.bot) ?? event.source.connection) : null,
  };
}

function utmOf({ data: { utm } }: CanonicalEvent): JsonObject {
  return utm !== undefined && isJsonObject(utm) ? utm : {};
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function siteOf(referrer: Json | undefined): string | null {
  if (typeof referrer !== 'string' || !URL.canParse(referrer)) return null;
  return new URL(referrer).hostname.replace(/^www\./, '') || null;
}
