/** Custom fields that this company's admin made long ago, so that everybody sees them. */
import type { Org } from '../org.ts';
import { makeField } from '../setup/custom-field.ts';

const fields: readonly (readonly [object: string, name: string, label: string, length: number])[] = [
  ['Lead', 'UTM_Source__c', 'UTM Source', 255],
  ['Lead', 'UTM_Medium__c', 'UTM Medium', 255],
  ['Lead', 'UTM_Campaign__c', 'UTM Campaign', 255],
  ['Lead', 'UTM_Term__c', 'UTM Term', 255],
  ['Lead', 'UTM_Content__c', 'UTM Content', 255],
  ['Campaign', 'UTM_Campaign__c', 'UTM Campaign', 255],
  // Pasted from reports, which show ids with 15 characters.
  ['Contact', 'Former_Lead_Id__c', 'Former Lead Id', 18],
];

export function makeFields(org: Org): void {
  for (const [object, name, label, length] of fields) {
    const made = makeField(name, { label, type: 'Text', length }, org.ids.next('00N'));
    org.catalog.putField(object, { ...made, inProfile: true }, org.clock.now());
  }
}
