import type { WorldPerson, WorldResponse, WorldUtm } from '../world.ts';
import { type CampaignPlan, campaignOf, formPages, pageUrl, running } from './campaigns.ts';
import type { Chance } from './chance.ts';
import { minute, type Scene } from './scene.ts';

export type Answer = Omit<WorldResponse, 'key'>;

/** Who answers which campaign is kept, for a person is on a campaign's list once. */
export type Listed = Set<string>;

const plainForms = ['Contact us', 'Request a quote', 'Guide', 'Newsletter'] as const;

/** What brought the person, a few minutes after a system heard of them; nothing when nobody knows. */
export function firstAnswer(draw: Chance, listed: Listed, person: WorldPerson): Answer | undefined {
  const own = campaignOf(person.utm?.campaign);
  const at = person.createdAt + draw.int(2, 12) * minute;
  return own && answerTo(listed, person, own, at);
}

export interface LaterAnswer {
  readonly at: number;
  readonly customer: boolean;
  /** To a campaign if there is one, not to the site alone. */
  readonly invited: boolean;
}

/** One more thing that the person answered at about that time: a campaign that runs, else a form of the site. */
export function laterAnswer(
  scene: Scene,
  draw: Chance,
  listed: Listed,
  person: WorldPerson,
  { at, customer, invited }: LaterAnswer,
): Answer | undefined {
  const audience = customer ? 'customers' : undefined;
  const fitting = running(scene, at).filter(({ plan }) => plan.audience === audience);
  if (person.hubspot && !invited && draw.flip(0.25)) return plainForm(person, at, draw.pick(plainForms));
  for (const campaign of draw.shuffled(fitting)) {
    const answer = answerTo(listed, person, campaign, at);
    if (answer) return answer;
  }
  return person.hubspot ? plainForm(person, at, draw.pick(plainForms)) : undefined;
}

/** A form lands in HubSpot, a name on a list in Salesforce; each needs the person and the campaign there. */
function answerTo(
  listed: Listed,
  person: WorldPerson,
  { key, plan }: { readonly key: string; readonly plan: CampaignPlan },
  at: number,
): Answer | undefined {
  const told = { campaignKey: key, personKey: person.key, at, responded: true };
  const { form } = plan;
  if (person.hubspot && (form !== undefined || !person.salesforce) && plan.in.includes('hubspot'))
    return { ...told, ...page(form ?? 'Contact us', plan.utm) };
  const place = `${key} ${person.key}`;
  if (!person.salesforce || !plan.in.includes('salesforce') || listed.has(place)) return undefined;
  listed.add(place);
  return { ...told, form: null, pageUrl: null };
}

function plainForm(person: WorldPerson, at: number, form: string): Answer {
  return { campaignKey: null, personKey: person.key, at, responded: true, ...page(form) };
}

function page(form: string, utm?: WorldUtm): Pick<Answer, 'form' | 'pageUrl'> {
  return { form, pageUrl: pageUrl(formPages[form] ?? '/contact', utm) };
}
