import { describe, expect, it } from 'vitest';
import { salesforce } from '../../../connectors/salesforce/index.ts';
import type { Checkpoint } from '../../../src/connector/contract/reading.ts';
import {
  type Answer,
  type Asked,
  id,
  type Org,
  openOrg,
  pullAll,
  refusal,
  result,
  stamp,
  today,
} from './org.ts';

const hour = 3_600_000;
const old = {
  Id: id('00Q', 1),
  CreatedDate: stamp(today - hour),
  SystemModstamp: stamp(today - hour),
  LastModifiedById: id('005', 9),
};

/** The org tells `row` of leads and `composite` of several queries; the lead's reading has come to rest. */
async function restingOrg(composite: (asked: Asked) => Answer) {
  const org = await openOrg((asked) =>
    asked.path.endsWith('/composite') ? composite(asked) : { json: result([old]) },
  );
  const checkpoint = (await pullAll(org, 'Lead')).at(-1)?.checkpoint ?? null;
  org.clock.advance(60_000);
  org.asked.length = 0;
  return { org, checkpoint };
}

async function poll({ ctx }: Org, checkpoint: Checkpoint, objects = ['Lead']): Promise<string[]> {
  const standing = objects.map((object) => ({ object, checkpoint }));
  return [...((await salesforce.poll?.(ctx, standing)) ?? [])];
}

const part = (body: unknown, httpStatusCode = 200, referenceId = 'Lead') => ({
  body,
  httpHeaders: {},
  httpStatusCode,
  referenceId,
});
const parts = (...all: object[]): Answer => ({ json: { compositeResponse: all } });

describe('a poll', () => {
  it('asks as a reading would, from where the last one ended, five queries a call', async () => {
    const { org, checkpoint } = await restingOrg(({ body }) => {
      const { compositeRequest } = JSON.parse(body);
      return parts(
        ...compositeRequest.map((one: { referenceId: string }) => part(result([]), 200, one.referenceId)),
      );
    });
    const objects = ['Account', 'Campaign', 'Lead', 'Contact', 'Opportunity', 'Task'];
    expect(await poll(org, checkpoint, objects)).toEqual([]);
    const asked = org.asked.map(({ body }) => JSON.parse(body));
    expect(asked.map(({ compositeRequest }) => compositeRequest.length)).toEqual([5, 1]);
    const lead = new URL(asked[0].compositeRequest[2].url, org.url);
    expect(lead.pathname).toBe('/services/data/v66.0/queryAll');
    expect(lead.searchParams.get('q')).toMatch(
      /^SELECT Id, .* FROM Lead WHERE SystemModstamp >= \S+ ORDER BY SystemModstamp, Id$/,
    );
  });

  it('is not moved by rows that were handed out, and is by any other', async () => {
    let row: object = old;
    const { org, checkpoint } = await restingOrg(() => parts(part(result([row]))));
    expect(await poll(org, checkpoint)).toEqual([]);
    // The stamp counts whole seconds: a second change within one leaves it as it is.
    row = { ...old, City: 'Oslo' };
    expect(await poll(org, checkpoint)).toEqual(['Lead']);
  });

  it.each([
    ['a query is refused', parts(part([{ errorCode: 'INVALID_FIELD', message: 'No such column' }], 400))],
    ['an answer goes on over more pages', parts(part(result([old], '/services/data/v66.0/query/0r8-2000')))],
    ['an answer is missing', parts()],
    ['the call is refused', refusal('INVALID_INPUT', 'no composite here')],
  ])('leaves it to the reading when %s', async (_, answer) => {
    const { org, checkpoint } = await restingOrg(() => answer);
    expect(await poll(org, checkpoint)).toEqual(['Lead']);
  });

  it('names without asking what is in the middle of a reading, or whose deletion log is due', async () => {
    const { org, checkpoint } = await restingOrg(() => parts());
    expect(await poll(org, { from: 'an older release' })).toEqual(['Lead']);
    org.clock.advance(7 * hour);
    expect(await poll(org, checkpoint)).toEqual(['Lead']);
    expect(org.asked).toEqual([]);
  });
});
