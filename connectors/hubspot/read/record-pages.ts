/**
 * Addresses of records: `https://app.hubspot.com/contacts/<portal>/record/0-1/<id>`, before 2023
 * `…/contacts/<portal>/contact/<id>`.
 */
import type { Pages } from '../../../src/connector/contract/pages.ts';
import { pastedUrl } from '../../../src/support/urls.ts';
import type { HubSpotConfig } from '../config.ts';
import { crmObjects } from '../wire/objects.ts';

const typeIds = new Map(crmObjects.map(({ name, typeId }) => [name, typeId]));
const objects = new Map([
  ...crmObjects.map(({ name, typeId }): [string, string] => [typeId, name]),
  ...Object.entries({ contact: 'contacts', company: 'companies', deal: 'deals', ticket: 'tickets' }),
]);

const recordPath = /^\/contacts\/(\d+)\/(?:record\/)?(\d+-\d+|contact|company|deal|ticket)\/(\d+)(?:\/|$)/;
const sitePath = /^\/contacts\/(\d+)\/?$/;

export const pages: Pages<HubSpotConfig> = {
  address: (_, site, object, id) => {
    const typeId = typeIds.get(object);
    return site === null || typeId === undefined ? null : `${site}/record/${typeId}/${id}`;
  },
  named: (text, site) => {
    const given = text.trim();
    if (/^\d+$/.test(given)) return { id: given };
    const [, portal, type = '', id = ''] = recordPath.exec(pastedUrl(given)?.pathname ?? '') ?? [];
    const object = objects.get(type);
    if (object === undefined) return null;
    const own = sitePath.exec(URL.parse(site ?? '')?.pathname ?? '')?.[1];
    // Portals count their records each for itself: the same number is somebody else's.
    return own === undefined || own === portal
      ? { id, object }
      : { elsewhere: `portal ${portal}, and this is portal ${own}` };
  },
};
