import type { World } from '../../../../src/emulator/world.ts';
import { fingerprint } from '../../../../src/support/fingerprint.ts';
import type { Portal } from '../portal.ts';

/** One form for each campaign that somebody answered on a page. */
export function tellForms(portal: Portal, world: World): void {
  const people = new Map(world.people.map((person) => [person.key, person] as const));
  const answers = world.responses.filter(({ personKey }) => people.get(personKey)?.hubspot);
  for (const { key, personKey, campaignKey, at, pageUrl } of answers.toSorted((a, b) => a.at - b.at)) {
    const campaign = world.campaigns.find((one) => one.key === campaignKey);
    const { email, firstName, lastName } = people.get(personKey) ?? {};
    if (pageUrl === null || !campaign || !email) continue;
    const formId = guid(`form:${campaignKey}`);
    if (!portal.forms.some(({ id }) => id === formId)) {
      portal.forms.push({ id: formId, name: campaign.name, createdAt: campaign.start });
    }
    const fields = { email, firstname: firstName ?? '', lastname: lastName ?? '' };
    const values = Object.entries(fields).map(([name, value]) => ({ name, value }));
    portal.submissions.push({ formId, conversionId: guid(key), submittedAt: at, pageUrl, values });
  }
}

function guid(text: string): string {
  const hex = fingerprint(text);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
