/** What Salesforce's own command line (`sf`) asks beyond what SDKs do. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../../emulators/loopback/contract.ts';
import { salesforceEmulator } from '../../../emulators/salesforce/index.ts';
import { type Client, signIn } from './emulator-client.ts';

let emulator: RunningEmulator;
let client: Client;

beforeAll(async () => {
  emulator = await salesforceEmulator.start({});
  client = await signIn(emulator);
  const parent = emulator.records.create('Account', { Name: 'Parent' });
  emulator.records.create('Contact', { LastName: 'Ash', AccountId: parent });
});
afterAll(() => emulator.close());

describe('two slashes', () => {
  it.each([
    ['/', '//services/data'],
    ['/v62.0', '//services/data/v62.0/limits'],
    ['inside', '/services//data/v62.0//limits//'],
    ['/userinfo', '//services/oauth2/userinfo'],
  ])('are one: %s', async (_, path) => {
    expect((await client.send('GET', path)).status).toBe(200);
  });
});

describe('columns=true', () => {
  const columnsOf = async (soql: string) => {
    const answer = await client.get(`query?q=${encodeURIComponent(soql)}&columns=true`);
    expect(answer.status, answer.text).toBe(200);
    return answer;
  };

  it('names the columns of a query instead of running it, parents and children with theirs inside', async () => {
    const soql = 'SELECT Id, Owner.Name, AnnualRevenue, (SELECT LastName FROM Contacts) FROM Account';
    const answer = await columnsOf(soql);
    expect(answer.json).toMatchObject({
      entityName: 'Account',
      groupBy: false,
      idSelected: true,
      keyPrefix: '001',
    });
    expect(answer.list('columnMetadata')).toMatchObject([
      { columnName: 'Id', apexType: 'Id', joinColumns: [], aggregate: false, updatable: false },
      {
        ...{ columnName: 'Owner', foreignKeyName: 'OwnerId', apexType: null },
        joinColumns: [{ columnName: 'Name', textType: true }],
      },
      { columnName: 'AnnualRevenue', numberType: true, insertable: true, updatable: true },
      { columnName: 'Contacts', aggregate: true, joinColumns: [{ columnName: 'LastName' }] },
    ]);
  });

  it('names aggregates by their alias, or by their place', async () => {
    const answer = await columnsOf(
      'SELECT Name, COUNT(Id), MAX(AnnualRevenue) most FROM Account GROUP BY Name',
    );
    expect(answer.list('columnMetadata')).toMatchObject([
      { columnName: 'Name', aggregate: false },
      { columnName: 'expr0', displayName: 'count(Id)', aggregate: true, numberType: true },
      { columnName: 'most', displayName: 'max(AnnualRevenue)', aggregate: true },
    ]);
  });

  it('spells FIELDS() out, and refuses what the query would', async () => {
    const answer = await columnsOf('SELECT FIELDS(STANDARD) FROM Account');
    expect(answer.list('columnMetadata').map(({ columnName }) => columnName)).toContain('BillingCity');
    const wrong = await client.get(`query?q=${encodeURIComponent('SELECT Nme FROM Account')}&columns=true`);
    expect(wrong.json[0]?.errorCode).toBe('INVALID_FIELD');
  });
});

describe('USING SCOPE', () => {
  it('finds what the user owns, or everything', async () => {
    const own = emulator.config.organizationId;
    expect(own).toBeDefined();
    const total = async (soql: string) => (await client.query(soql)).json.totalSize;
    const all = await total('SELECT Id FROM Account');
    expect(await total('SELECT Id FROM Account USING SCOPE everything')).toBe(all);
    const made = await client.post('sobjects/Account', { Name: 'Mine' });
    const mine = await client.query("SELECT Id, OwnerId FROM Account USING SCOPE mine WHERE Name = 'Mine'");
    expect(mine.list('records')).toMatchObject([{ Id: String(made.json.id) }]);
    const others = await client.query('SELECT OwnerId FROM Account USING SCOPE mine');
    expect(new Set(others.list('records').map(({ OwnerId }) => OwnerId)).size).toBe(1);
  });

  it.each(['team', 'my_territory', 'delegated'])('%s is refused', async (scope) => {
    const { status, json } = await client.query(`SELECT Id FROM Account USING SCOPE ${scope}`);
    expect([status, json[0]?.errorCode]).toEqual([400, 'INVALID_QUERY_SCOPE']);
  });
});

describe('functions of a field', () => {
  /** What a new account shows of its revenue. */
  async function shown(Name: string, CurrencyIsoCode: string, AnnualRevenue: number, columns: string[]) {
    await client.post('sobjects/Account', { Name, CurrencyIsoCode, AnnualRevenue });
    const soql = `SELECT ${columns.join(', ')} FROM Account WHERE Name = '${Name}'`;
    const answer = await client.query(soql);
    expect(answer.status, answer.text).toBe(200);
    return answer.list('records');
  }

  it('keep their alias', async () => {
    const [record] = await shown('Rich', 'USD', 1234, [
      'AnnualRevenue',
      'FORMAT(AnnualRevenue) text',
      'FORMAT(convertCurrency(AnnualRevenue)) own',
    ]);
    expect(record).toMatchObject({ AnnualRevenue: 1234, text: 'USD 1,234', own: 'USD 1,234' });
    const twice = await client.query(
      'SELECT FORMAT(AnnualRevenue) x, FORMAT(NumberOfEmployees) x FROM Account',
    );
    expect(twice.json[0]?.errorCode).toBe('MALFORMED_QUERY');
  });

  it('convert to the currency of the user by the rates of the org', async () => {
    const [rate] = (await client.query("SELECT ConversionRate FROM CurrencyType WHERE IsoCode = 'JPY'")).list(
      'records',
    );
    const [record] = await shown('Tokyo', 'JPY', 1000 * Number(rate?.ConversionRate), [
      'convertCurrency(AnnualRevenue) own',
      'FORMAT(convertCurrency(AnnualRevenue)) text',
    ]);
    expect(record?.own).toBeCloseTo(1000, 6);
    expect(record?.text).toMatch(/^[A-Z]{3} 1,000$/);
    const refused = await client.query('SELECT convertCurrency(NumberOfEmployees) FROM Account');
    expect([refused.status, refused.json[0]?.errorCode]).toEqual([400, 'INVALID_FIELD']);
  });

  it('do not format what is not known to be written so', async () => {
    const refused = await client.query('SELECT FORMAT(CreatedDate) day FROM Account');
    expect([refused.status, refused.json[0]?.errorCode]).toEqual([400, 'MALFORMED_QUERY']);
  });

  it('INCLUDES wants a picklist of several values', async () => {
    const refused = await client.query("SELECT Id FROM Account WHERE Industry INCLUDES ('Banking')");
    expect([refused.status, refused.json[0]?.errorCode]).toEqual([400, 'INVALID_QUERY_FILTER_OPERATOR']);
  });
});
