/** What `channels:` may say: rules that come before the usual ones, and sites that the usual ones do not know. */
import { z } from 'zod';
import { messageOf } from '../support/error-text.ts';
import { compilePattern } from '../support/pattern.ts';

const pattern = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const reason = whyNot(text);
    if (reason !== null) context.addIssue({ code: 'custom', message: reason });
  });
const site = z.enum(['search', 'social', 'video', 'shopping', 'assistant', 'mail', 'passThrough']);
const notASite = 'has a * elsewhere than in front (`*.shop.example`) or in place of the country (`search.*`)';

/** All parts given must hold. */
const conditionSchema = z
  .strictObject({
    source: pattern.exactOptional().meta({ help: 'Where a visit came from.', example: 'newsletter' }),
    medium: pattern.exactOptional().meta({ help: 'By what kind of link.', example: 'e-?mail' }),
    campaign: pattern
      .exactOptional()
      .meta({ help: 'The campaign that it is tagged with.', example: '.*fair.*' }),
    site: site.exactOptional().meta({ help: 'The kind of site that it came from.' }),
  })
  .refine(
    (condition) => Object.keys(condition).length > 0,
    'holds for everything; say source, medium, campaign or site',
  );

const ruleSchema = z.strictObject({
  channel: z.string().min(1).meta({ help: 'The name of the channel, a usual one or your own.' }),
  any: z
    .array(conditionSchema)
    .min(1)
    .meta({ help: 'Conditions of which one has to hold; each is a regular expression for the whole value.' }),
});

export const channelsSchema = z.strictObject({
  rules: z.array(ruleSchema).exactOptional().meta({ help: 'Tried in this order, before the usual rules.' }),
  sites: z
    .partialRecord(site, z.array(z.string().min(1).refine(isSite, notASite)))
    .exactOptional()
    .meta({
      help: 'Sites that the usual rules should know: names, or hosts as in `*.shop.example`, `search.*`, `x.com/i/grok`.',
      example: '{ search: [intrasearch], passThrough: [login.example.com] }',
    }),
  own: z
    .array(z.string().regex(/^[^\s*]+\.[^\s*]+$/, 'is not a domain, such as example.com'))
    .exactOptional()
    .meta({
      help: 'Domains of your own sites: who comes from there is Direct. The domain of the page itself needs no line.',
      example: '[example.com, example-shop.com]',
    }),
});

function isSite(name: string): boolean {
  return !name.includes('*') || /^(?:\*\.)?[^*/]+(?:\.\*)?(?:\/[^*]*)?$/.test(name.trim());
}

/** Null for a pattern that can be matched in bounded time, as every record that is read waits for it. */
function whyNot(text: string): string | null {
  try {
    compilePattern(text);
    return null;
  } catch (error) {
    const reason = messageOf(error);
    return `is not a regular expression that can be used here: ${reason}`;
  }
}
