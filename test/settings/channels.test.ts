/** Channels as an admin names them, from the configuration down to a credited touch. */
import { describe, expect, it } from 'vitest';
import { sourceKinds } from '../../src/canonical/sites.ts';
import { explainDeal } from '../../src/reports/explain.ts';
import { settingsSchema } from '../../src/settings/schema.ts';
import { inspect } from '../../src/support/schema.ts';
import { found, openTestHub } from '../sync/hub.ts';
import { tellStory } from '../sync/story.ts';

const page = 'https://www.larkmere.example/?utm_source=acme-reseller&utm_medium=partner';

/** Channels of the touches of ada's deal, one of which is a visit to `page`. */
async function creditedChannels(channels?: object): Promise<string[]> {
  const hub = await openTestHub({ settings: channels ? { channels } : {} });
  try {
    const now = Math.floor(hub.hub.clock.now() / 1_000) * 1_000;
    const story = tellStory(hub.emulator, now);
    const first = new Date(now - 45 * 86_400_000).toISOString();
    const visit = { hs_analytics_first_url: page, hs_analytics_first_timestamp: first };
    hub.emulator('hubspot').records.update('contacts', story.contacts.ada, visit);
    await hub.quiet();
    const deal = await explainDeal(hub.hub, story.Opportunity.ada);
    const touches = found(deal ?? undefined, 'deal of ada').touches;
    const shares = touches.map(({ byModel }) => byModel.linear?.share ?? 0);
    expect(Math.min(...shares)).toBeGreaterThan(0);
    return [...new Set(touches.map(({ channel }) => channel))].sort();
  } finally {
    await hub.close();
  }
}

describe('channel rules of the configuration', () => {
  it('come before the usual ones, down to the touch that is credited', async () => {
    expect(await creditedChannels()).toEqual(['Chat', 'Unassigned']);
    const rules = [{ channel: 'Partners', any: [{ medium: 'partner' }] }];
    expect(await creditedChannels({ rules })).toEqual(['Chat', 'Partners']);
  });

  it('leave the usual ones their work, which knows more sites when they are named', async () => {
    const medium = [{ channel: 'Paid Other', any: [{ site: 'shopping', medium: 'partner' }] }];
    expect(await creditedChannels({ rules: medium })).toEqual(['Chat', 'Unassigned']);
    const sites = { shopping: ['acme-reseller'] };
    expect(await creditedChannels({ sites })).toEqual(['Chat', 'Organic Shopping']);
  });
});

describe('a wrong channel rule', () => {
  const connections = { crm: { connector: 'hubspot' } };
  const said = (channels: object) => {
    const result = inspect(settingsSchema, { connections, channels });
    return result.right ? [] : result.complaints.map(({ path, message }) => `${path.join('.')} ${message}`);
  };

  it('is not one that adds sites of any kind that there is', () => {
    const sites = Object.fromEntries(
      sourceKinds.map((kind) => [kind, ['*.a.example', 'find.*', 'intrasearch']]),
    );
    expect(said({ sites, own: ['https://a.example/', 'b.co.uk'] })).toEqual([]);
  });

  it.each([
    [
      'a pattern that is none',
      { rules: [{ channel: 'X', any: [{ medium: '(' }] }] },
      /medium: is not a regular expression that can be used here: .*Unterminated group/,
    ],
    [
      'a pattern that could be tried without end',
      { rules: [{ channel: 'X', any: [{ medium: '(a+)\\1' }] }] },
      /medium: is not a regular expression that can be used here: it refers back/,
    ],
    ['a condition on nothing', { rules: [{ channel: 'X', any: [{}] }] }, /holds for everything/],
    ['a rule without a condition', { rules: [{ channel: 'X', any: [] }] }, /rules\.0\.any/],
    [
      'a misspelt part',
      { rules: [{ channel: 'X', any: [{ medum: 'a' }] }] },
      /medum: there is no such setting/,
    ],
    ['a star in the middle', { sites: { search: ['a.*.example'] } }, /search\.0: has a \* elsewhere/],
    ['an own site without a domain', { own: ['intranet'] }, /own\.0: is not a domain/],
    ['a kind of site that there is not', { sites: { serch: ['a'] } }, /serch/],
  ])('%s is told with its place', (_, channels, words) => {
    expect(said(channels).join('\n')).toMatch(words);
  });
});
