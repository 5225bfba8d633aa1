import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { salesforce } from '../../../connectors/salesforce/index.ts';
import { textResponse } from '../../../src/connector/response.ts';
import { fixtureJson, hasFixtures } from './fixtures.ts';
import { openOrg, organizationId, result, userId } from './org.ts';

describe('checking an account', () => {
  it('names org and user, and the objects that may not be read', async () => {
    const sobjects = Object.keys(salesforce.streams ?? {}).map((name) => ({
      name,
      queryable: name !== 'Campaign',
    }));
    const org = await openOrg(({ path, query }) => {
      if (path.endsWith('/sobjects'))
        return { json: { sobjects: sobjects.filter(({ name }) => name !== 'Event') } };
      const soql = query.get('q') ?? '';
      return {
        json: result([
          soql.includes('Organization')
            ? { Id: organizationId, Name: 'Acme' }
            : { Id: userId, Username: 'hub@acme.example' },
        ]),
      };
    });
    expect(await salesforce.check(org.ctx)).toEqual({
      account: `Acme (${organizationId}) as hub@acme.example`,
      missingPermissions: ['read Campaign', 'read Event'],
    });
  });
});

describe('the allowance', () => {
  const usage = (header: string) => {
    const config = salesforce.config.parse({
      loginUrl: 'https://x.my.salesforce.com',
      clientId: 'k',
      clientSecret: 's',
    });
    return salesforce.limits(config).usage?.(textResponse(200, { 'sforce-limit-info': header }, '', 'GET /'));
  };

  it('is read from every answer', () => {
    expect(usage('api-usage=4147/15000')).toEqual({ daily: { used: 4147, limit: 15_000 } });
    expect(usage('api-usage=25/5000; per-app-api-usage=17/250(appName=sample)')).toEqual({
      daily: { used: 25, limit: 5_000 },
    });
  });

  it('is one for all connections of an org that its address tells', () => {
    const account = (loginUrl: string) =>
      salesforce.limits(
        salesforce.config.parse({
          loginUrl,
          clientId: crypto.randomUUID(),
          flow: 'refresh_token',
          refreshToken: 'r',
        }),
      ).account;
    expect(account('https://x.my.salesforce.com')).toBe(account('https://x.my.salesforce.com/'));
    expect(account('https://x.my.salesforce.com')).not.toBe(account('https://y.my.salesforce.com'));
    expect(account('https://login.salesforce.com')).toBeUndefined();
  });

  it('is not guessed', () => {
    expect(usage('per-app-api-usage=17/250(appName=sample)')).toBeNull();
    expect(usage('')).toBeNull();
  });
});

describe.skipIf(!hasFixtures)('a recorded describe (needs the recordings beside the project)', () => {
  it('is told in the hub’s words', async () => {
    const { response } = z
      .object({ response: z.unknown() })
      .parse(fixtureJson('grouparoo-nock/describe-Lead-v42.json'));
    const org = await openOrg(() => ({ json: response }));
    const fields = new Map(
      (await salesforce.fields?.describe(org.ctx, 'Lead'))?.map((field) => [field.name, field]),
    );
    expect(fields.size).toBe(59);
    expect(fields.get('Email')).toMatchObject({
      label: 'Email',
      type: 'email',
      writable: true,
      required: false,
    });
    expect(fields.get('LastName')).toMatchObject({ type: 'text', required: true, maxLength: 80 });
    expect(fields.get('IsConverted')).toMatchObject({ type: 'boolean', required: false });
    expect(fields.get('AnnualRevenue')?.type).toBe('money');
    expect(fields.get('OwnerId')?.type).toBe('reference');
    expect(fields.get('SystemModstamp')).toMatchObject({ type: 'time', writable: false });
    expect(fields.get('Status')?.options?.length).toBeGreaterThan(2);
    expect(fields.get('Address')?.type).toBe('other');
  });
});
