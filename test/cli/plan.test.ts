import { describe, expect, it } from 'vitest';
import { deletedText } from '../../src/cli/text/deleted-text.ts';
import { planCsv } from '../../src/cli/text/plan-csv.ts';
import type { PlanLine, WriteLine } from '../../src/cli/text/plan-lines.ts';
import { planText } from '../../src/cli/text/plan-text.ts';
import { reasonLines } from '../../src/cli/text/reasons.ts';
import { heldRowsLines, parkedRowsLines, rowsLeftLine } from '../../src/cli/text/rows-text.ts';

const because = (rule: string) => ({ from: null, since: null, exact: true, rule, text: `by ${rule}` });

function line(n: number, field: string, rule: string, to: unknown = n): WriteLine {
  return {
    ...{ connection: 'crm', object: 'Deal', record: `r${n}`, entity: `e${n}`, name: `Deal ${n}` },
    ...{ address: `https://crm.example/r${n}`, op: 'update', writesOn: true, asksWith: null },
    fields: [{ field, canonical: null, from: null, to, because: because(rule) }],
  };
}

function obstacle(n: number): PlanLine {
  const { fields: _, writesOn: __, asksWith: ___, ...about } = line(n, '', '');
  return { ...about, op: 'none', code: 'TOO_LONG', message: 'too long for the field', field: 'Name' };
}

const text = (plan: readonly PlanLine[], all = false) =>
  planText({ summary: [], heldRows: {}, plan, undecided: [], unread: [] }, all).split('\n');

describe('a plan for people', () => {
  const plan = [...[1, 2, 3, 4, 5].map((n) => line(n, 'Phone', 'two-way')), line(9, 'Title', 'prefer crm')];

  it('tells writes of one cause together, with a few samples by name and address', () => {
    expect(text(plan)).toEqual([
      'crm: 6 writes',
      '  5 × update Deal: Phone (two-way)',
      ...[1, 2, 3].flatMap((n) => [
        `    Deal ${n}  r${n}  https://crm.example/r${n}`,
        `      Phone: (blank) -> ${n}  by two-way`,
      ]),
      '    … and 2 more; --all shows them, --csv for a spreadsheet',
      '  1 × update Deal: Title (prefer crm)',
      '    Deal 9  r9  https://crm.example/r9',
      '      Title: (blank) -> 9  by prefer crm',
    ]);
  });

  it('shows every write on request', () => {
    const lines = text(plan, true);
    expect(lines.filter((one) => one.startsWith('    Deal '))).toHaveLength(6);
    expect(lines.some((one) => one.includes('more'))).toBe(false);
  });

  it('says how many writes wait until another system is allowed the same', () => {
    const counts = { create: 0, update: 6, delete: 0, records: 30, writesOn: true };
    const asks = { asksFirst: false, firstCreation: false, asksWith: { other: 2 } };
    const summary = [{ connection: 'crm', object: 'Deal', ...counts, ...asks }];
    const report = { summary, heldRows: {}, plan: [], undecided: [], unread: ['x'] };
    expect(planText(report, false).split('\n')[0]).toBe(
      'crm Deal: 6 changed, of 30 (20 %); 2 of them wait until other is allowed the same',
    );
  });

  it('names what cannot be written, once for each reason, with whom it concerns', () => {
    expect(text([obstacle(1), obstacle(2)])).toEqual([
      'crm: 0 writes, 2 that cannot be made now',
      '  not now: Deal.Name: too long for the field (2)',
      '    Deal 1  r1  https://crm.example/r1',
      '    Deal 2  r2  https://crm.example/r2',
    ]);
  });
});

describe('what an undo deletes', () => {
  const write = (object: string, ours: boolean, op: 'delete' | 'update' = 'delete') => ({
    ...{ connection: 'crm', object, record: '1', op, ours, fields: [] },
  });

  it('is not made again, but for rows, which the hub writes as soon as it may', () => {
    const [people, rows] = [write('Lead', false), write('Row', true)];
    const stays = 'The hub does not make a record again that was deleted.';
    const comes = expect.stringMatching(/^Rows of Row are made again by the next `hub push --yes`/);
    expect(deletedText([people, people])).toEqual([stays]);
    expect(deletedText([rows, rows])).toEqual([comes]);
    expect(deletedText([rows, people])).toEqual([stays, comes]);
    expect(deletedText([write('Lead', false, 'update')])).toEqual([]);
  });
});

describe('parked work', () => {
  it('is named once where its record is the key itself', () => {
    const reason = { code: 'BAD', message: 'bad', record: 'inbox-1' };
    expect(reasonLines([{ key: 'inbox-1', reason }])).toEqual(['  BAD: bad', '    inbox-1']);
  });
});

describe('rows that go after their deals', () => {
  it('are counted with them, in one line', () => {
    const heldRows = { crm: { rows: 312, deals: 48 } };
    const [line] = planText({ summary: [], heldRows, plan: [], undecided: [], unread: [] }, false).split(
      '\n',
    );
    expect(line).toBe('crm: 312 rows of 48 deals wait with them');
    expect(heldRowsLines(heldRows.crm)).toEqual([
      '312 rows of 48 deals wait with them, until they have been told the new credit',
    ]);
    expect(heldRowsLines({ rows: 1, deals: 1 })).toEqual([
      '1 row of 1 deal waits with it, until it has been told the new credit',
    ]);
    expect(parkedRowsLines({ rows: 3, deals: 2 })).toEqual([
      '3 rows of 2 deals are parked and may contradict what these show; see `hub parked`',
    ]);
    expect(rowsLeftLine({ connection: 'crm', object: 'Row', rows: 3 })).toBe(
      'crm: the 3 rows of Row there stay as they are and soon contradict what their deals are told, for `writes` of Row are off; switch them on, or those of the deals off',
    );
    const none = { rows: 0, deals: 0 };
    expect([...heldRowsLines(none), ...parkedRowsLines(none)]).toEqual([]);
  });
});

describe('a plan for a spreadsheet', () => {
  it('has a line for each field and obstacle, and no cell that is run as a formula', () => {
    const named = { ...line(1, 'Phone', 'two-way', '=1+1'), name: '@sum(A1)' };
    const rows = planCsv([named, obstacle(2)]).split('\n');
    expect(rows).toEqual([
      'connection,object,record,name,address,hub_id,op,writes,field,before,after,reason',
      "crm,Deal,r1,'@sum(A1),https://crm.example/r1,e1,update,on,Phone,,'=1+1,by two-way",
      'crm,Deal,r2,Deal 2,https://crm.example/r2,e2,none,,Name,,,too long for the field',
    ]);
  });
});
