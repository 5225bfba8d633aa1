import { describe, expect, it } from 'vitest';
import { salesforce } from '../../../connectors/salesforce/index.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { createLog } from '../../../src/support/log.ts';
import {
  type Answer,
  type Asked,
  id,
  idsOf,
  type Org,
  openOrg,
  pullAll,
  refusal,
  result,
  stamp,
  today,
  userId,
} from './org.ts';

const minute = 60_000;
const hour = 60 * minute;
const longAgo = today - 30 * 24 * hour;

function lead(n: number, at = longAgo, more: JsonObject = {}): JsonObject {
  return {
    attributes: { type: 'Lead', url: `/services/data/v66.0/sobjects/Lead/${id('00Q', n)}` },
    Id: id('00Q', n),
    IsDeleted: false,
    LastName: `Lead ${n}`,
    CreatedDate: stamp(longAgo),
    LastModifiedById: id('005', 9),
    SystemModstamp: stamp(at),
    ...more,
  };
}

/** Answers queries one after the other, each with its rows; the last one again and again. */
function answering(...answers: Answer[]): (asked: Asked) => Answer {
  const left = [...answers];
  return () => (left.length > 1 ? left.shift() : left[0]) ?? { json: result([]) };
}

const rows = (...records: JsonObject[]): Answer => ({ json: result(records) });
const pageOf = (next: string, ...records: JsonObject[]): Answer => ({ json: result(records, next) });
const cursor = '/services/data/v66.0/query/01g000000000001-2000';
const expired = refusal('INVALID_QUERY_LOCATOR', 'invalid query locator');

/** What a pull from the last checkpoint of these pages finds. */
async function again(org: Org, pages: Awaited<ReturnType<typeof pullAll>>) {
  return pullAll(org, 'Lead', JSON.parse(JSON.stringify(pages.at(-1)?.checkpoint ?? null)));
}

describe('a backfill', () => {
  it('reads everything, deleted rows too, in the order of stamp and id', async () => {
    const org = await openOrg(answering(rows(lead(1))));
    await pullAll(org, 'Lead');
    expect(org.asked.map(({ path }) => path)).toEqual(['/services/data/v66.0/queryAll']);
    expect(org.soql()[0]).toMatch(
      /^SELECT Id, IsDeleted, MasterRecordId, .* FROM Lead ORDER BY SystemModstamp, Id$/,
    );
  });

  it('follows the cursor: one call per page', async () => {
    const org = await openOrg(answering(pageOf(cursor, lead(1), lead(2)), rows(lead(3))));
    const pages = await pullAll(org, 'Lead');
    expect(idsOf(pages)).toEqual([1, 2, 3].map((n) => id('00Q', n)));
    expect(org.asked.map(({ path }) => path)).toEqual(['/services/data/v66.0/queryAll', cursor]);
  });

  it('goes on with the cursor from the checkpoint between two pages', async () => {
    const org = await openOrg(answering(pageOf(cursor, lead(1)), rows(lead(2))));
    const [first] = await pullAll(org, 'Lead');
    const pages = await pullAll(org, 'Lead', first?.checkpoint);
    expect(idsOf(pages)).toEqual([id('00Q', 2)]);
    expect(org.asked.at(-1)?.path).toBe(cursor);
  });

  it('replaces an expired cursor by a query that begins after the last row', async () => {
    const org = await openOrg(answering(pageOf(cursor, lead(1), lead(2)), expired, rows(lead(3))));
    const pages = await pullAll(org, 'Lead');
    expect(idsOf(pages)).toEqual([1, 2, 3].map((n) => id('00Q', n)));
    const after = new Date(longAgo).toISOString();
    expect(org.soql().at(-1)).toContain(
      `WHERE (SystemModstamp > ${after} OR (SystemModstamp = ${after} AND Id > '${id('00Q', 2)}'))`,
    );
  });

  it('reads by spans of time where a query over all of it takes too long', async () => {
    const tooLong = refusal('QUERY_TIMEOUT', 'Your query request was running for too long.', 500);
    const spanOf = (soql: string) => {
      const [from, to] = [/SystemModstamp >=? (\S+)/, /SystemModstamp < (\S+)/].map((edge) =>
        Date.parse(edge.exec(soql)?.[1] ?? ''),
      );
      return { from: from ? from + Number(soql.includes('Id > ')) : Date.UTC(1999, 0, 1), to: to || today };
    };
    const all = [lead(1, Date.UTC(2001, 0, 1)), lead(2, Date.UTC(2015, 0, 1)), lead(3, Date.UTC(2025, 0, 1))];
    const org = await openOrg(({ query }) => {
      const { from, to } = spanOf(query.get('q') ?? '');
      if (to - from > 8 * 365 * 24 * hour) return tooLong;
      const at = (row: JsonObject) => Date.parse(String(row.SystemModstamp).replace('+0000', 'Z'));
      return rows(...all.filter((row) => at(row) >= from && at(row) < to));
    });
    const pages = await pullAll(org, 'Lead');
    expect(idsOf(pages)).toEqual([1, 2, 3].map((n) => id('00Q', n)));
    expect(org.asked.length).toBeLessThan(10);
    for (const [n, { checkpoint }] of pages.entries()) {
      const seen = new Set(idsOf(pages.slice(0, n + 1)));
      expect(idsOf(await pullAll(org, 'Lead', checkpoint))).toEqual(
        idsOf(pages).filter((one) => !seen.has(one)),
      );
    }
  });

  it('does not start over when it was interrupted before an empty span of time', async () => {
    const tooLong = refusal('QUERY_TIMEOUT', 'running for too long', 500);
    const old = Date.UTC(2001, 0, 1);
    const org = await openOrg(({ query }) => {
      const soql = query.get('q') ?? '';
      if (soql.includes('Id > ')) return rows();
      return soql.includes('SystemModstamp <') ? rows(lead(1, old)) : tooLong;
    });
    const stream = salesforce.streams?.Lead?.pull(org.ctx, null);
    const first = await stream?.next();
    const interrupted = first?.done === false ? first.value.checkpoint : null;
    const pages = await pullAll(org, 'Lead', interrupted);
    expect(idsOf(pages)).toEqual([]);
    expect(pages.at(-1)?.checkpoint ?? interrupted).toMatchObject({ from: { at: old, id: id('00Q', 1) } });
  });

  it('gives up on a query that takes too long over any time', async () => {
    const org = await openOrg(() => refusal('QUERY_TIMEOUT', 'running for too long', 400));
    await expect(pullAll(org, 'Lead')).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
    expect(org.asked.length).toBeLessThan(30);
  });

  it('reads custom fields that the mapping names, each field once', async () => {
    const org = await openOrg(answering(rows()));
    const pull = salesforce.streams?.Lead?.pull(org.ctx, null, {
      fields: ['email', 'Chat_Score__c', 'Owner.Email'],
    });
    await pull?.next();
    const [, fields = ''] = /^SELECT (.*) FROM/.exec(org.soql()[0] ?? '') ?? [];
    expect(fields.split(', ').filter((field) => /^email$/i.test(field))).toEqual(['Email']);
    expect(fields).toContain('Chat_Score__c, Owner.Email');
  });
});

describe('a row', () => {
  it('keeps its body, and gets its times and its long id', async () => {
    const row = lead(1, today - hour, {
      Id: id('00Q', 1).slice(0, 15),
      CreatedDate: '2021-12-02T18:23:39.000+0000',
    });
    const org = await openOrg(answering(rows(row)));
    const [record] = (await pullAll(org, 'Lead')).flatMap(({ records }) => records);
    expect(record).toEqual({
      object: 'Lead',
      id: id('00Q', 1),
      body: row,
      createdAt: Date.UTC(2021, 11, 2, 18, 23, 39),
      modifiedAt: today - hour,
      readAt: expect.any(Number),
      byUs: false,
    });
  });

  it('is by us when our user changed it last', async () => {
    const org = await openOrg(answering(rows(lead(1, longAgo, { LastModifiedById: userId.slice(0, 15) }))));
    expect((await pullAll(org, 'Lead'))[0]?.records[0]?.byUs).toBe(true);
  });

  it('is a tombstone when deleted, and names the winner of a merge', async () => {
    const merged = lead(2, longAgo, { IsDeleted: true, MasterRecordId: id('00Q', 3).slice(0, 15) });
    const org = await openOrg(
      answering(rows(lead(1, longAgo, { IsDeleted: true, MasterRecordId: null }), merged)),
    );
    const records = (await pullAll(org, 'Lead')).flatMap((page) => page.records);
    expect(records.map(({ tombstone }) => tombstone)).toEqual([
      { kind: 'deleted' },
      { kind: 'merged', into: id('00Q', 3) },
    ]);
  });
});

describe('an incremental reading', () => {
  it('looks back over the overlap, and hands out only what is new there', async () => {
    const known = lead(1, today - minute);
    const org = await openOrg(answering(rows(known), rows(known, lead(2, today - 2 * minute))));
    const pages = await again(org, await pullAll(org, 'Lead'));
    expect(idsOf(pages)).toEqual([id('00Q', 2)]);
    expect(org.soql()[1]).toContain(`WHERE SystemModstamp >= ${new Date(today - 11 * minute).toISOString()}`);
  });

  it('sees a second change within the same second, although the stamp is the same', async () => {
    const org = await openOrg(answering(rows(lead(1, today)), rows(lead(1, today, { LastName: 'Changed' }))));
    const pages = await again(org, await pullAll(org, 'Lead'));
    expect(pages[0]?.records[0]?.body.LastName).toBe('Changed');
  });

  it('makes one call and yields nothing when nothing has changed', async () => {
    const latest = lead(2, today);
    const org = await openOrg(answering(rows(lead(1, today - hour), latest), rows(latest)));
    const first = await pullAll(org, 'Lead');
    org.clock.advance(hour);
    expect(await again(org, first)).toEqual([]);
    expect(org.asked).toHaveLength(2);
  });

  it('is at rest after its last page, also when it brought nothing new on several', async () => {
    const [one, two] = [lead(1, today - minute), lead(2, today)];
    const org = await openOrg(answering(rows(one, two), pageOf(cursor, one), rows(two)));
    const pages = await again(org, await pullAll(org, 'Lead'));
    expect(idsOf(pages)).toEqual([]);
    expect(pages.map(({ checkpoint }) => checkpoint)).toMatchObject([{ cursor }, { cursor: null }]);
  });

  it('looks back over a mass change as far as late commits reach, and then not at all', async () => {
    const many = Array.from({ length: 300 }, (_, n) => lead(n, today - minute));
    const org = await openOrg(({ query }) => (query.get('q')?.includes('Id > ') ? rows() : rows(...many)));
    let pages = await pullAll(org, 'Lead');
    const handedOut: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      org.clock.advance(8 * minute);
      const next = await again(org, pages);
      handedOut.push(...idsOf(next));
      if (next.length > 0) pages = next;
    }
    expect(handedOut).toEqual([]);
    const [, ...later] = org.soql().map((soql) => / WHERE (.*) ORDER BY/.exec(soql)?.[1]);
    const last = new Date(today - minute).toISOString();
    const afterLast = `(SystemModstamp > ${last} OR (SystemModstamp = ${last} AND Id > '${id('00Q', 299)}'))`;
    expect(later).toEqual([
      `SystemModstamp >= ${new Date(today - 10 * minute).toISOString()}`,
      `SystemModstamp >= ${new Date(today - 2 * minute).toISOString()}`,
      afterLast,
      afterLast,
    ]);
  });

  it('does not look back over old rows that an interrupted run had read', async () => {
    const many = Array.from({ length: 300 }, (_, n) => lead(n));
    const org = await openOrg(answering(pageOf(cursor, ...many), rows(lead(300)), rows(lead(300)), rows()));
    const [interrupted] = await pullAll(org, 'Lead');
    const resumed = await pullAll(org, 'Lead', interrupted?.checkpoint);
    await again(org, resumed);
    expect(org.soql().at(-1)).toContain(`Id > '${id('00Q', 300)}'`);
  });

  it('starts over when it does not know the checkpoint', async () => {
    const org = await openOrg(answering(rows(lead(1))));
    for (const strange of ['x', 7, { v: 1 }])
      expect(idsOf(await pullAll(org, 'Lead', strange))).toHaveLength(1);
  });
});

describe('a field that the hub’s user may not see', () => {
  const described = {
    fields: [
      { name: 'Id' },
      { name: 'SystemModstamp' },
      { name: 'LastName' },
      { name: 'OwnerId', relationshipName: 'Owner' },
    ],
  };
  const refusedFirst = (asked: Asked): Answer => {
    if (asked.path.endsWith('/describe')) return { json: described };
    if (asked.path.endsWith('/deleted/')) return refusal('INVALID_TYPE', 'not replicable');
    const soql = asked.query.get('q') ?? '';
    return soql.includes('Rating')
      ? refusal('INVALID_FIELD', "No such column 'Rating' on entity 'Lead'")
      : rows(lead(1));
  };

  it('is left out with a word, in later readings too', async () => {
    const lines: string[] = [];
    const log = createLog('warn', { write: (line: string) => void lines.push(line) });
    const org = await openOrg(refusedFirst, {}, log);
    const pages = await pullAll(org, 'Lead');
    expect(idsOf(pages)).toHaveLength(1);
    expect(org.asked.map(({ path }) => path.split('/').at(-1))).toEqual(['queryAll', 'describe', 'queryAll']);
    expect(lines.join()).toMatch(/Lead\.Rating.*permission set/);
    await again(org, pages);
    expect(org.asked).toHaveLength(4);
  });

  it('is left out without a word where nobody misses it, and not asked for again for a day', async () => {
    const lines: string[] = [];
    const log = createLog('warn', { write: (line: string) => void lines.push(line) });
    // All that is asked for is there, but Rating.
    const but = (soql: string) =>
      (/SELECT (.*?) FROM/.exec(soql)?.[1] ?? '').replace(' Rating,', '').split(', ');
    const fields = () => [
      { name: 'OwnerId', relationshipName: 'Owner' },
      ...but(org.soql()[0] ?? '').map((name) => ({ name })),
    ];
    const org = await openOrg(
      (asked) => (asked.path.endsWith('/describe') ? { json: { fields: fields() } } : refusedFirst(asked)),
      {},
      log,
    );
    const pages = await pullAll(org, 'Lead', null, { unmissed: ['Rating'] });
    expect([idsOf(pages).length, lines]).toEqual([1, []]);
    org.clock.advance(23 * 60 * minute);
    await again(org, pages);
    expect(org.soql().at(-1)).not.toContain('Rating');
  });

  it('is remembered by the checkpoint, and asked for again an hour later', async () => {
    const org = await openOrg(refusedFirst);
    const pages = await pullAll(org, 'Lead');
    const other = await openOrg(refusedFirst);
    await again(other, pages);
    expect(other.asked).toHaveLength(1);
    const later = await openOrg(refusedFirst);
    later.clock.advance(61 * minute);
    await again(later, pages);
    expect(later.soql()[0]).toContain('Rating');
  });

  it('is asked for again once an hour, however quiet the object is', async () => {
    const lines: string[] = [];
    const log = createLog('warn', { write: (line: string) => void lines.push(line) });
    const org = await openOrg(refusedFirst, {}, log);
    let pages = await pullAll(org, 'Lead');
    // Two readings an hour, the first of which finds the hour over.
    for (const wait of [61, 1, 60, 1]) {
      org.clock.advance(wait * minute);
      const more = await again(org, pages);
      if (more.length > 0) pages = more;
    }
    expect(org.soql().filter((soql) => soql.includes('Rating'))).toHaveLength(3);
    expect(lines).toHaveLength(3);
  });

  it('is read again once it is granted, with a word on older records', async () => {
    const lines: string[] = [];
    let granted = false;
    const log = createLog('info', { write: (line: string) => void lines.push(line) });
    const org = await openOrg((asked) => (granted ? rows(lead(1)) : refusedFirst(asked)), {}, log);
    const pages = await pullAll(org, 'Lead');
    granted = true;
    org.clock.advance(61 * minute);
    await again(org, pages);
    expect(org.soql().at(-1)).toContain('Rating');
    expect(lines.at(-1)).toMatch(/full sync/);
  });

  it('fails the reading when it cannot be found out', async () => {
    const org = await openOrg((asked) =>
      asked.path.endsWith('/describe')
        ? { json: { fields: [] } }
        : refusal('INVALID_FIELD', "No such column 'Nonsense' on entity 'Lead'"),
    );
    await expect(pullAll(org, 'Lead')).rejects.toMatchObject({ kind: 'rejected', code: 'INVALID_FIELD' });
  });
});

describe('the deletion log', () => {
  const log = (ids: string[], earliest = longAgo) => ({
    json: {
      deletedRecords: ids.map((one) => ({ id: one, deletedDate: stamp(today + hour) })),
      earliestDateAvailable: stamp(earliest),
      latestDateCovered: stamp(today + 7 * hour),
    },
  });
  const withLog = (answer: Answer) => (asked: Asked) => {
    if (asked.path.endsWith('/deleted/')) return answer;
    const soql = asked.query.get('q') ?? '';
    if (soql.startsWith('SELECT Id FROM')) return rows({ Id: id('00Q', 2) });
    return soql.includes('WHERE') ? rows() : rows(lead(1), lead(2), lead(3));
  };

  it('names what was purged; what the recycle bin still shows comes by its stamp', async () => {
    const org = await openOrg(withLog(log([id('00Q', 2), id('00Q', 3)])));
    const first = await pullAll(org, 'Lead');
    org.clock.advance(7 * hour);
    const pages = await again(org, first);
    expect(pages.flatMap(({ records }) => records)).toEqual([
      {
        object: 'Lead',
        id: id('00Q', 3),
        body: { Id: id('00Q', 3) },
        modifiedAt: today + hour,
        tombstone: { kind: 'deleted' },
      },
    ]);
    const asked = org.asked.find(({ path }) => path.endsWith('/sobjects/Lead/deleted/'));
    expect(asked?.query.get('start')).toBe('2026-03-10T12:00:00+00:00');
  });

  it('is asked every six hours, not at every reading', async () => {
    const org = await openOrg(withLog(log([])));
    let pages = await pullAll(org, 'Lead');
    for (let n = 0; n < 8; n += 1) {
      org.clock.advance(hour);
      const next = await again(org, pages);
      if (next.length > 0) pages = next;
    }
    expect(org.asked.filter(({ path }) => path.endsWith('/deleted/'))).toHaveLength(1);
  });

  it('tells the admin when it does not reach back far enough', async () => {
    const lines: string[] = [];
    const org = await openOrg(
      withLog(log([], today + 6 * hour)),
      {},
      createLog('warn', { write: (line: string) => void lines.push(line) }),
    );
    const first = await pullAll(org, 'Lead');
    org.clock.advance(7 * hour);
    await again(org, first);
    expect(lines.join()).toMatch(/full sync/);
  });
});

describe('reading by id', () => {
  it('asks for 200 at once, with long ids, and tells what is gone', async () => {
    const org = await openOrg(answering(rows(lead(1))));
    const ids = [id('00Q', 1).slice(0, 15), id('00Q', 1), id('00Q', 2), "no'id"];
    const records = await salesforce.streams?.Lead?.fetch?.(org.ctx, ids);
    expect(records?.map((one) => [one.id, one.tombstone?.kind])).toEqual([
      [id('00Q', 1), undefined],
      [id('00Q', 2), 'deleted'],
      ["no'id", 'deleted'],
    ]);
    expect(org.soql()).toHaveLength(1);
    expect(org.soql()[0]).toContain(`WHERE Id IN ('${id('00Q', 1)}', '${id('00Q', 2)}')`);
  });

  it('splits long lists', async () => {
    const org = await openOrg(answering(rows()));
    await salesforce.streams?.Lead?.fetch?.(
      org.ctx,
      Array.from({ length: 401 }, (_, n) => id('00Q', n)),
    );
    expect(org.soql()).toHaveLength(3);
  });
});
