/** What `channels:` may say: rules that come before the usual ones, and sites that the usual ones do not know. */
import { z } from 'zod';

const pattern = z.string().min(1).refine(isPattern, 'is no regular expression');
const site = z.enum(['search', 'social', 'video', 'shopping', 'assistant']);

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
    .partialRecord(site, z.array(z.string().min(1)))
    .exactOptional()
    .meta({ help: 'Names of sites that the usual rules should know: { search: [brave] }.' }),
});

function isPattern(text: string): boolean {
  try {
    new RegExp(`^(?:${text})$`, 'i');
    return true;
  } catch {
    return false;
  }
}
