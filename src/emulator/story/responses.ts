import type { WorldCampaign, WorldPerson, WorldResponse } from '../world.ts';
import { campaignUtm, pageUrl } from './campaigns.ts';
import { type Chance, chance } from './chance.ts';
import { day, minute, type Scene } from './scene.ts';

/**
 * A person answers the campaign that brought them, and some one more. A form lands in HubSpot, a campaign
 * member in Salesforce, so each needs the person and the campaign there.
 */
export function tellResponses(
  scene: Scene,
  campaigns: readonly WorldCampaign[],
  people: readonly WorldPerson[],
): WorldResponse[] {
  const draw = chance(scene.seed, 'responses');
  const lasting = people.filter((person) => !person.deleted && !person.mergedInto);
  const told = lasting.flatMap((person) => answers(scene, draw, campaigns, person));
  return told.map((response, index) => ({ key: `r-${String(index + 1).padStart(3, '0')}`, ...response }));
}

function answers(
  scene: Scene,
  draw: Chance,
  campaigns: readonly WorldCampaign[],
  person: WorldPerson,
): Omit<WorldResponse, 'key'>[] {
  const own = campaigns.find((campaign) => campaign.utmCampaign === person.utm?.campaign);
  const other = draw.flip(0.35) ? draw.pick(campaigns) : own;
  return [...new Set([own, other])].flatMap((campaign) => {
    const places = campaign?.in.filter((system) => person[system]) ?? [];
    if (!campaign || places.length === 0) return [];
    const byForm = places.includes('hubspot');
    const from = Math.max(campaign.start, person.createdAt);
    return {
      campaignKey: campaign.key,
      personKey: person.key,
      at: Math.min(from + draw.int(0, 3 * day), scene.now - minute),
      responded: byForm || draw.flip(0.6),
      pageUrl: byForm ? pageUrl('/contact', campaignUtm(campaign)) : null,
    };
  });
}
