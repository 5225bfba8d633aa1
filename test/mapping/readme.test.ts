/** What `mappings/README.md` teaches compiles as it stands there. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventTypes } from '../../src/canonical/events.ts';
import { entityKinds } from '../../src/canonical/model.ts';
import { fieldKinds } from '../../src/mapping/language/schema.ts';
import { transforms } from '../../src/mapping/language/transforms.ts';
import { parseRule } from '../../src/mapping/language/words.ts';
import { complaints } from './sample.ts';

const text = readFileSync('mappings/README.md', 'utf8');
const [file = '', fields = '', relations = '', events = '', sending = '', writing = ''] = [
  ...text.matchAll(/```yaml\n([\s\S]*?)```/g),
].map(([, block = '']) => block);

const others = `
  Account: { entity: Organization, fields: { name: Name } }
  Contact: { entity: Person, fields: { email: Email } }
  contacts: { entity: Person, fields: { email: Email } }
  Opportunity: { entity: Deal, fields: { name: Name } }
`;

function within(entity: string, block: string, more = ''): string {
  const indented = block.replace(/^/gm, '    ');
  return `system: crm\nhistory: past\nobjects:${others}  Thing:\n    entity: ${entity}\n${more}${indented}`;
}

describe('the page about the mapping language', () => {
  it('has six examples, and all of them are right', () => {
    expect(complaints(file)).toEqual([]);
    expect(complaints(within('Deal', `fields:\n${fields.replace(/^/gm, '  ')}`))).toEqual([]);
    expect(complaints(within('Deal', relations))).toEqual([]);
    expect(complaints(within('Person', events))).toEqual([]);
    expect(complaints(`system: crm\n${sending}`)).toEqual([]);
    const person = '    fields: { firstName: F, lastName: L }\n';
    const touch = writing.replace(
      'Opportunity__c: { to: Opportunity, from: deal }',
      'R__c: { to: Account, from: company }',
    );
    expect(complaints(within('Person', touch, person))).toEqual([]);
    expect(writing).not.toBe(touch);
  });

  it('lists every transform, kind and entity', () => {
    for (const word of [...transforms.keys(), ...fieldKinds, ...entityKinds]) expect(text).toContain(word);
    expect(text).toContain('src/canonical/events.ts');
    expect(eventTypes).toContain('touch.form_submitted');
  });

  it('names rules that are rules', () => {
    const rules = [...text.matchAll(/^\| `([^`]+)`[^|]*\|[^|]*\|[^|]*\|/gm)].map(([, rule = '']) => rule);
    expect(rules.map((rule) => [rule, parseRule(rule) !== null])).toContainEqual([
      'always-use salesforce',
      true,
    ]);
    const ruleTable = rules.slice(0, rules.indexOf("don't sync") + 1).filter((rule) => rule !== 'rule:');
    expect(ruleTable.filter((rule) => parseRule(rule) === null)).toEqual([]);
    expect(ruleTable).toHaveLength(8);
  });
});
