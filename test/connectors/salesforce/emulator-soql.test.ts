import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../../emulators/loopback/contract.ts';
import { salesforceEmulator } from '../../../emulators/salesforce/index.ts';
import { periodOf } from '../../../emulators/salesforce/soql/periods.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { type Client, signIn } from './emulator-client.ts';

const second = (n: number) => Date.parse('2026-03-01T00:00:00Z') + n * 1000;

let emulator: RunningEmulator;
let client: Client;
let accounts: readonly JsonObject[];

/** Names that differ in case only, blanks, equal stamps, wildcards as plain text. */
const names = ['Acme', 'acme', 'Zoë & Söhne', "O'Brien", '100%', 'under_score', 'Bäcker', '株式会社'];

beforeAll(async () => {
  emulator = await salesforceEmulator.start({ knobs: { multiCurrency: false } });
  client = await signIn(emulator);
  const parent = emulator.records.create('Account', { Name: 'Parent' }, { at: second(0) });
  for (let n = 0; n < 60; n++) {
    const fields = {
      Name: names[n % names.length] ?? '',
      Site: n % 3 === 0 ? null : `site ${n % 5}`,
      NumberOfEmployees: n % 4 === 0 ? null : n % 7,
      AnnualRevenue: n * 10,
      ParentId: n % 2 === 0 ? parent : null,
    };
    emulator.records.create('Account', fields, { at: second(Math.floor(n / 8)) });
  }
  accounts = emulator.records.all('Account');
});
afterAll(() => emulator.close());

async function ids(soql: string): Promise<string[]> {
  const answer = await client.query(soql);
  expect(answer.status, `${soql}\n${answer.text}`).toBe(200);
  return answer.list('records').map((record) => String(record.Id));
}

async function refusal(soql: string): Promise<string> {
  const { status, json } = await client.query(soql);
  expect(status).toBe(400);
  return String(json[0]?.errorCode);
}

describe('conditions find what a plain filter finds', () => {
  interface Leaf {
    readonly soql: string;
    readonly test: (account: JsonObject) => boolean;
  }

  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lower = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : value);
  const stampOf = (account: JsonObject) => Date.parse(String(account.SystemModstamp));

  const byName: fc.Arbitrary<Leaf> = fc
    .tuple(fc.constantFrom(...names, 'absent'), fc.constantFrom('=', '!='))
    .map(([name, op]) => ({
      soql: `Name ${op} ${quoted(name)}`,
      test: (account) => (lower(account.Name) === lower(name)) === (op === '='),
    }));
  const bySite: fc.Arbitrary<Leaf> = fc
    .tuple(fc.subarray(['site 0', 'site 1', 'SITE 2', 'nowhere'], { minLength: 1 }), fc.boolean())
    .map(([sites, negated]) => ({
      soql: `Site ${negated ? 'NOT IN' : 'IN'} (${sites.map(quoted).join(', ')})`,
      test: (account) => sites.map(lower).includes(lower(account.Site)) !== negated,
    }));
  const byNumber: fc.Arbitrary<Leaf> = fc
    .tuple(fc.constantFrom('<', '<=', '>', '>=', '=', '!='), fc.integer({ min: -1, max: 7 }))
    .map(([op, bound]) => ({
      soql: `NumberOfEmployees ${op} ${bound}`,
      test: ({ NumberOfEmployees: value }) =>
        typeof value === 'number' ? compare(value, op, bound) : op === '!=',
    }));
  const byNull: fc.Arbitrary<Leaf> = fc
    .tuple(fc.constantFrom('Site', 'NumberOfEmployees', 'ParentId'), fc.constantFrom('=', '!='))
    .map(([field, op]) => ({
      soql: `${field} ${op} null`,
      test: (account) => (account[field] === null) === (op === '='),
    }));
  const byStamp: fc.Arbitrary<Leaf> = fc
    .tuple(fc.constantFrom('<', '<=', '>', '>=', '='), fc.integer({ min: -1, max: 9 }))
    .map(([op, n]) => ({
      soql: `SystemModstamp ${op} ${new Date(second(n)).toISOString()}`,
      test: (account) => compare(stampOf(account), op, second(n)),
    }));
  const byId: fc.Arbitrary<Leaf> = fc
    .tuple(fc.constantFrom('<', '<=', '>', '>=', '=', '!='), fc.nat({ max: 60 }), fc.boolean())
    .map(([op, n, short]) => {
      const id = String(accounts[n]?.Id);
      return {
        soql: `Id ${op} '${short ? id.slice(0, 15) : id}'`,
        test: (account) => compare(String(account.Id), op, id),
      };
    });
  const byIds: fc.Arbitrary<Leaf> = fc
    .tuple(fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 5 }), fc.boolean())
    .map(([numbers, negated]) => {
      const chosen = numbers.map((n) => String(accounts[n]?.Id));
      return {
        soql: `Id ${negated ? 'NOT IN' : 'IN'} (${chosen.map(quoted).join(', ')})`,
        test: (account) => chosen.includes(String(account.Id)) !== negated,
      };
    });
  const byParent: fc.Arbitrary<Leaf> = fc.constant({
    soql: "Parent.Name = 'parent'",
    test: (account) => account.ParentId !== null,
  });

  function compare<T extends string | number>(value: T, op: string, bound: T): boolean {
    if (op === '=' || op === '!=') return (value === bound) === (op === '=');
    if (op === '<' || op === '<=') return value < bound || (op === '<=' && value === bound);
    return value > bound || (op === '>=' && value === bound);
  }

  const treesOf = (leaves: fc.Arbitrary<Leaf>) =>
    fc.letrec<{ tree: Leaf }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaves,
        tie('tree').map(negation),
        junctionsOf(tie('tree')),
      ),
    })).tree;

  function negation(part: Leaf): Leaf {
    return { soql: `NOT (${part.soql})`, test: (account) => !part.test(account) };
  }

  function junctionsOf(trees: fc.Arbitrary<Leaf>): fc.Arbitrary<Leaf> {
    const parts = fc.array(trees, { minLength: 2, maxLength: 3 });
    return fc.tuple(fc.constantFrom('AND', 'OR'), parts).map(([word, all]) => ({
      soql: all.map((part) => `(${part.soql})`).join(` ${word} `),
      test: (account) =>
        word === 'AND' ? all.every((part) => part.test(account)) : all.some((part) => part.test(account)),
    }));
  }

  async function findsWhatTheFilterFinds(trees: fc.Arbitrary<Leaf>): Promise<void> {
    await fc.assert(
      fc.asyncProperty(trees, async ({ soql, test }) => {
        const wanted = accounts.filter(test).map((account) => String(account.Id));
        expect(new Set(await ids(`SELECT Id FROM Account WHERE ${soql}`))).toEqual(new Set(wanted));
      }),
      { numRuns: 300 },
    );
  }

  it('for any nesting of AND, OR and NOT', () =>
    findsWhatTheFilterFinds(
      treesOf(fc.oneof(byName, bySite, byNumber, byNull, byStamp, byId, byIds, byParent)),
    ));

  it('for conditions on stamp and id alone, which are answered without looking at records', () =>
    findsWhatTheFilterFinds(treesOf(fc.oneof(byStamp, byStamp, byId, byIds))));

  it('and a keyset walk of any page size meets every record once, ties included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 25 }), async (size) => {
        const seen: string[] = [];
        let where = '';
        for (;;) {
          const soql = `SELECT Id, SystemModstamp FROM Account ${where} ORDER BY SystemModstamp, Id LIMIT ${size}`;
          const page = (await client.query(soql)).list('records');
          const last = page.at(-1);
          if (last === undefined) break;
          seen.push(...page.map((record) => String(record.Id)));
          const at = String(last.SystemModstamp).replace('+0000', 'Z');
          where = `WHERE (SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > '${last.Id}'))`;
        }
        expect(seen).toEqual([...new Set(seen)]);
        expect(seen).toHaveLength(accounts.length);
      }),
      { numRuns: 8 },
    );
  });

  it('LIKE takes wildcards, and takes them as text behind a backslash', async () => {
    const found = async (pattern: string) => {
      const answer = await client.query(`SELECT Name FROM Account WHERE Name LIKE '${pattern}'`);
      return new Set(answer.list('records').map((record) => record.Name));
    };
    expect(await found('a%')).toEqual(new Set(['Acme', 'acme']));
    expect(await found('_cme')).toEqual(new Set(['Acme', 'acme']));
    expect(await found('%\\%')).toEqual(new Set(['100%']));
    expect(await found('under\\_%')).toEqual(new Set(['under_score']));
    expect(await found("o\\'br%")).toEqual(new Set(["O'Brien"]));
  });
});

describe('answers', () => {
  it('nest parents with their attributes first, and are null where there is none', async () => {
    const { json } = await client.query(
      'SELECT Id, Parent.Name, Owner.Email FROM Account WHERE ParentId != null LIMIT 1',
    );
    const record = json.records?.[0];
    expect(Object.keys(record as object)).toEqual(['attributes', 'Id', 'Parent', 'Owner']);
    expect(Object.keys(record?.Parent as object)).toEqual(['attributes', 'Name']);
    expect(record?.Parent?.attributes?.type).toBe('Account');
    const orphan = await client.query('SELECT Parent.Name FROM Account WHERE ParentId = null LIMIT 1');
    expect(orphan.json.records?.[0]?.Parent).toBeNull();
  });

  it('hold children as a page of their own', async () => {
    const soql =
      "SELECT Name, (SELECT Id FROM ChildAccounts ORDER BY AnnualRevenue DESC LIMIT 3) FROM Account WHERE Name = 'Parent'";
    const children = (await client.query(soql)).json.records?.[0]?.ChildAccounts;
    expect(children?.totalSize).toBe(3);
    expect(children?.done).toBe(true);
    const childless = "SELECT Id, (SELECT Id FROM ChildAccounts) FROM Account WHERE Name = '100%' LIMIT 1";
    expect((await client.query(childless)).json.records?.[0]?.ChildAccounts).toBeNull();
  });

  it('count, group and aggregate', async () => {
    const bare = await client.query('SELECT COUNT() FROM Account WHERE ParentId != null');
    expect(bare.json).toEqual({ totalSize: 30, done: true, records: [] });
    const soql =
      'SELECT Site, COUNT(Id), MAX(AnnualRevenue) most FROM Account GROUP BY Site HAVING COUNT(Id) > 8 ORDER BY COUNT(Id) DESC';
    const { json } = await client.query(soql);
    expect(json.records?.[0]).toEqual({
      attributes: { type: 'AggregateResult' },
      Site: null,
      expr0: 21,
      most: 570,
    });
  });

  it('group and filter by parts of dates', async () => {
    const at = Date.parse('2026-02-08T23:30:00Z');
    for (const [index, name] of ['part one', 'part two', 'part three'].entries())
      emulator.records.create('Account', { Name: name }, { at: at + index * 3_600_000 });
    const soql =
      "SELECT CALENDAR_YEAR(CreatedDate) y, DAY_ONLY(CreatedDate), HOUR_IN_DAY(CreatedDate), COUNT(Id) n FROM Account WHERE Name LIKE 'part %' GROUP BY CALENDAR_YEAR(CreatedDate), DAY_ONLY(CreatedDate), HOUR_IN_DAY(CreatedDate) ORDER BY DAY_ONLY(CreatedDate), HOUR_IN_DAY(CreatedDate) DESC";
    const rows = (await client.query(soql)).list('records').map(({ attributes: _, ...row }) => row);
    expect(rows).toEqual([
      { y: 2026, expr0: '2026-02-08', expr1: 23, n: 1 },
      { y: 2026, expr0: '2026-02-09', expr1: 1, n: 1 },
      { y: 2026, expr0: '2026-02-09', expr1: 0, n: 1 },
    ]);
    const those = (condition: string) =>
      ids(`SELECT Id FROM Account WHERE Name LIKE 'part %' AND ${condition}`);
    // The 8th of February 2026 is a Sunday, and the 39th day of its year.
    for (const condition of [
      'DAY_IN_WEEK(CreatedDate) = 1',
      'DAY_IN_YEAR(CreatedDate) = 39',
      'DAY_IN_MONTH(CreatedDate) = 8',
    ])
      expect(await those(condition)).toHaveLength(1);
    for (const condition of [
      'WEEK_IN_YEAR(CreatedDate) = 6',
      'WEEK_IN_MONTH(CreatedDate) = 2',
      'CALENDAR_MONTH(CreatedDate) = 2',
      'FISCAL_QUARTER(CreatedDate) = 1',
    ])
      expect(await those(condition)).toHaveLength(3);
    for (const id of await those('CreatedDate != null')) emulator.records.remove('Account', id);
  });

  it('tell the profile of users', async () => {
    const soql = 'SELECT ProfileId, Profile.Name, UserRoleId FROM User LIMIT 1';
    const { json } = await client.query(soql);
    expect(json.records?.[0]).toMatchObject({ Profile: { Name: 'System Administrator' }, UserRoleId: null });
    const profiles = await ids('SELECT Id FROM Profile');
    expect(profiles).toEqual([json.records?.[0]?.ProfileId]);
  });

  it('come sorted, nulls first unless told otherwise, and cut by LIMIT and OFFSET', async () => {
    const soql =
      'SELECT NumberOfEmployees FROM Account ORDER BY NumberOfEmployees DESC NULLS LAST, Id LIMIT 50 OFFSET 5';
    const values = (await client.query(soql)).list('records').map((record) => record.NumberOfEmployees);
    expect(values).toHaveLength(50);
    expect(values.at(-1)).toBeNull();
    const numbers = values.filter((value) => typeof value === 'number');
    expect(numbers).toEqual(numbers.toSorted((one, other) => other - one));
    const first = await client.query(
      'SELECT NumberOfEmployees FROM Account ORDER BY NumberOfEmployees LIMIT 1',
    );
    expect(first.json.records?.[0]?.NumberOfEmployees).toBeNull();
  });

  it('understand relative dates and semi-joins', async () => {
    const today = emulator.records.create('Account', { Name: 'made today' });
    expect(await ids("SELECT Id FROM Account WHERE CreatedDate = TODAY AND Name != 'x'")).toEqual([today]);
    expect(await ids('SELECT Id FROM Account WHERE CreatedDate = LAST_N_DAYS:3')).toEqual([today]);
    const parents = await ids(
      'SELECT Id FROM Account WHERE Id IN (SELECT ParentId FROM Account WHERE ParentId != null)',
    );
    expect(parents).toHaveLength(1);
    emulator.records.remove('Account', today);
  });
});

describe('refusals', () => {
  it.each([
    ['SELECT Id FROM Account WHERE', 'MALFORMED_QUERY'],
    ['SELECT Id Name FROM Account', 'MALFORMED_QUERY'],
    ["SELECT Id FROM Account WHERE Name = 'a' AND Site = 'b' OR Site = 'c'", 'MALFORMED_QUERY'],
    ['SELECT Id FROM Account WHERE Name = Acme', 'MALFORMED_QUERY'],
    ["SELECT Id FROM Account WHERE Name = 'unclosed", 'MALFORMED_QUERY'],
    ['SELECT Id FROM Account ALL ROWS', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Account WITH NONSENSE', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Account FOR NONSENSE', 'MALFORMED_QUERY'],
    ['SELECT COUNT() FROM Account GROUP BY Site', 'MALFORMED_QUERY'],
    ['SELECT COUNT() FROM Account ORDER BY Id', 'MALFORMED_QUERY'],
    ['SELECT COUNT(Id) FROM Account ORDER BY Id', 'MALFORMED_QUERY'],
    ['SELECT Site, COUNT(Id) FROM Account GROUP BY Site ORDER BY Name', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Account HAVING COUNT(Id) > 1', 'MALFORMED_QUERY'],
    ['SELECT COUNT(Id) FROM Account GROUP BY ROLLUP(Site)', 'MALFORMED_QUERY'],
    ['SELECT Description, COUNT(Id) FROM Account GROUP BY Description', 'MALFORMED_QUERY'],
    ['SELECT CreatedDate, COUNT(Id) FROM Account GROUP BY CreatedDate', 'MALFORMED_QUERY'],
    ['SELECT CALENDAR_YEAR(CreatedDate), COUNT(Id) FROM Account GROUP BY Site', 'MALFORMED_QUERY'],
    ['SELECT COUNT(Id) FROM Account GROUP BY CALENDAR_YEAR(Name)', 'MALFORMED_QUERY'],
    ['SELECT MAX(IsDeleted) FROM Account', 'MALFORMED_QUERY'],
    ['SELECT COUNT(Id) FROM Account WHERE CreatedDate = LAST_N_WEEKS', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Accout', 'INVALID_TYPE'],
    ['SELECT Id, Nonsense FROM Account', 'INVALID_FIELD'],
    ['SELECT Id, Nonsense.Name FROM Account', 'INVALID_FIELD'],
    ['SELECT Id, Id FROM Account', 'INVALID_FIELD'],
    ["SELECT Id FROM Account WHERE Description = 'long texts cannot be filtered'", 'INVALID_FIELD'],
    ["SELECT Id FROM Account WHERE SystemModstamp > '2026-01-01T00:00:00Z'", 'INVALID_FIELD'],
    ['SELECT Id FROM Account WHERE Name = 5', 'INVALID_FIELD'],
    ["SELECT Id FROM Account WHERE Id = 'no id'", 'INVALID_QUERY_FILTER_OPERATOR'],
    ["SELECT Id FROM Account WHERE OwnerId LIKE '005%'", 'INVALID_QUERY_FILTER_OPERATOR'],
  ])('%s: %s', async (soql, code) => {
    expect(await refusal(soql)).toBe(code);
  });

  it('send clients of the API elsewhere for what only Apex has', async () => {
    const { json } = await client.query('SELECT Id FROM Account LIMIT 1 ALL ROWS');
    expect(json[0]?.message).toMatch(/\nALL ROWS not allowed in this context$/);
  });

  it('say where, with a caret under the place', async () => {
    const { json } = await client.query('SELECT Id,Name,BillingCity,IsDeleted FROM Accout');
    const [, shown, caret, place] = String(json[0]?.message).split('\n');
    expect(shown?.slice(caret?.indexOf('^'))).toBe('Accout');
    expect(place).toBe('ERROR at Row:1:Column:43');
  });
});

it.each([
  ['LAST_N_WEEKS', 2, '2026-01-18', '2026-02-01'],
  ['N_WEEKS_AGO', 1, '2026-01-25', '2026-02-01'],
  ['NEXT_N_MONTHS', 2, '2026-03-01', '2026-05-01'],
  ['LAST_N_QUARTERS', 1, '2025-10-01', '2026-01-01'],
  ['N_YEARS_AGO', 2, '2024-01-01', '2025-01-01'],
  ['THIS_FISCAL_QUARTER', undefined, '2026-01-01', '2026-04-01'],
  ['NEXT_FISCAL_YEAR', undefined, '2027-01-01', '2028-01-01'],
  ['LAST_N_DAYS', 3, '2026-02-01', '2026-02-05'],
])('%s:%s is the time from %s until before %s', (name, count, from, to) => {
  const period = periodOf(name, count, Date.parse('2026-02-04T12:00:00Z'));
  expect([period.from, period.to]).toEqual([Date.parse(from), Date.parse(to)]);
});
