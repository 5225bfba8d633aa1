import type { WorldCampaign, WorldMailing, WorldPerson, WorldResponse } from '../world.ts';
import { campaignPlan } from './campaigns.ts';
import { type Chance, chance } from './chance.ts';
import { day, hour, minute, type Scene } from './scene.ts';

/** Each campaign that mails does so once a quarter. */
const interval = 91 * day;
const shares = { written: 0.4, opened: 0.38, clicked: 0.06 };

/**
 * The mails of campaigns: one in front of each answer that a mail brought, opened and clicked, and those to many others
 * who did less. People who opted out get none.
 */
export function tellMailings(
  scene: Scene,
  campaigns: readonly WorldCampaign[],
  people: readonly WorldPerson[],
  responses: readonly WorldResponse[],
): WorldMailing[] {
  const draw = chance(scene.seed, 'mailings');
  const answered = responses.flatMap((response) => mailBefore(draw, response));
  const sent = campaigns.flatMap((campaign) => roundsOf(scene, draw, campaign, people));
  return [...answered, ...sent]
    .sort((a, b) => a.sentAt - b.sentAt)
    .map((mail, index) => ({ key: `e-${String(index + 1).padStart(4, '0')}`, ...mail }));
}

type Untold = Omit<WorldMailing, 'key'>;

function mailBefore(draw: Chance, { campaignKey, personKey, at, pageUrl }: WorldResponse): Untold[] {
  const subject = campaignPlan(campaignKey)?.mail;
  if (!subject || !campaignKey || pageUrl === null) return [];
  const clickedAt = at - 2 * minute;
  const openedAt = clickedAt - draw.int(1, 4) * minute;
  return [
    { campaignKey, personKey, subject, sentAt: openedAt - draw.int(10, 900) * minute, openedAt, clickedAt },
  ];
}

function roundsOf(
  scene: Scene,
  draw: Chance,
  { key: campaignKey, start, end }: WorldCampaign,
  people: readonly WorldPerson[],
): Untold[] {
  const subject = campaignPlan(campaignKey)?.mail;
  if (!subject) return [];
  const untold: Untold[] = [];
  for (let sentAt = start + 7 * day; sentAt < Math.min(end, scene.now - day); sentAt += interval) {
    const readers = people.filter((person) => takesMail(person, sentAt) && draw.flip(shares.written));
    for (const { key: personKey } of readers) {
      const openedAt = draw.flip(shares.opened) ? sentAt + draw.int(3, 1_200) * minute : null;
      const clicked = openedAt !== null && draw.flip(shares.clicked / shares.opened);
      untold.push({
        campaignKey,
        personKey,
        subject,
        sentAt,
        openedAt,
        clickedAt: clicked ? openedAt + minute : null,
      });
    }
  }
  return untold;
}

function takesMail({ email, hubspot, createdAt, salesforce, deleted }: WorldPerson, at: number): boolean {
  return Boolean(email && hubspot && !deleted && !salesforce?.optedOut) && createdAt + hour < at;
}
