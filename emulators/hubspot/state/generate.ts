import { iso } from '../../../src/support/clock.ts';
import { newRow, type Values } from './rows.ts';
import { firstId, type VirtualRows } from './table.ts';

const givenNames = ['Ada', 'Bela', 'Chen', 'Dana', 'Emeka', 'Farah', 'Goran', 'Hana'];
const familyNames = ['Ivers', 'Jonsson', 'Kato', 'Lindqvist', 'Moreau', 'Nakata', 'Okoye', 'Petrov', 'Quist'];
const cities = ['Aarhus', 'Bergen', 'Cork', 'Dresden', 'Esbjerg'];
/** Four to a second: ties on the timestamp within every page. */
const perSecond = 4;

/** `count` contacts that are told by a rule, so that a million of them take no memory. */
export function generateContacts(count: number, newestAt: number): VirtualRows {
  const oldestAt = newestAt - Math.ceil(count / perSecond) * 1000;
  const stampOf = (index: number) => oldestAt + Math.floor(index / perSecond) * 1000;
  return {
    count,
    row(id) {
      const at = stampOf(id - firstId);
      return newRow(String(id), at, generatedValues(id, id - firstId, at));
    },
    findByEmail(email) {
      const index = Number(/^contact-(\d+)@generated\.example$/.exec(email)?.[1] ?? Number.NaN);
      return index < count ? firstId + index : undefined;
    },
  };
}

function generatedValues(id: number, index: number, at: number): Values {
  const stamp = iso(at);
  return {
    city: pick(cities, index),
    createdate: stamp,
    email: `contact-${index}@generated.example`,
    firstname: pick(givenNames, index),
    hs_all_contact_vids: String(id),
    hs_email_domain: 'generated.example',
    hs_is_contact: 'true',
    hs_object_id: String(id),
    lastmodifieddate: stamp,
    lastname: pick(familyNames, index),
    lifecyclestage: 'lead',
    phone: `+45 70 ${String(100_000 + (index % 900_000))}`,
  };
}

function pick(list: readonly string[], index: number): string {
  return list[index % list.length] ?? '';
}
