import { fingerprint } from '../../../src/support/fingerprint.ts';
import type { World } from '../../world/world.ts';
import type { Portal } from '../portal.ts';

/** The forms of the site, each with what people sent. */
export function tellForms(portal: Portal, world: World): void {
  const people = new Map(world.people.map((person) => [person.key, person] as const));
  const answers = world.responses.filter(({ personKey }) => people.get(personKey)?.hubspot);
  const madeAt = Math.min(...world.campaigns.map(({ start }) => start));
  for (const { key, personKey, form, at, pageUrl } of answers.toSorted((a, b) => a.at - b.at)) {
    const { email, firstName, lastName } = people.get(personKey) ?? {};
    if (pageUrl === null || form === null || !email) continue;
    const formId = guid(`form:${form}`);
    if (!portal.forms.some(({ id }) => id === formId)) {
      portal.forms.push({ id: formId, name: form, createdAt: madeAt });
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
