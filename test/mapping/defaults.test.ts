/** What `check` says where account, file and configuration name different countries or currencies. */
import { expect, it } from 'vitest';
import { disagreements } from '../../src/mapping/checking/defaults.ts';
import { mapping } from './sample.ts';

const file = (defaults: string) =>
  mapping(`system: crm\n${defaults}objects:\n  Thing:\n    entity: Person\n`);
const said = (...given: Parameters<typeof disagreements>) => disagreements(...given).map(String);

it('names each with what counts', () => {
  const euros = file('defaults: { currency: EUR, country: DE }\n');
  expect(said(euros, { own: 'GBP', country: 'US', currency: 'USD' })).toEqual([
    expect.stringMatching(/crm.yaml:2.*The file says EUR.*account itself is in GBP, and that counts/),
    expect.stringMatching(/The file says DE.*config\/hub.yaml says US; the file counts/),
  ]);
  expect(said(euros, { own: null, country: 'DE', currency: 'USD' })).toEqual([
    expect.stringMatching(/The file says EUR.*config\/hub.yaml says USD; the file counts/),
  ]);
  expect(said(file(''), { own: 'GBP', currency: 'USD' })).toEqual([
    expect.stringMatching(/config\/hub.yaml says USD.*account itself is in GBP/),
  ]);
});

it('says nothing where they agree, or only one speaks', () => {
  expect(said(file('defaults: { currency: EUR }\n'), { own: 'EUR', currency: 'EUR' })).toEqual([]);
  expect(said(file(''), { own: 'GBP' })).toEqual([]);
  expect(said(file('defaults: { country: DE }\n'), { own: null })).toEqual([]);
});
