/** Models as an analyst and an admin work with them, command by command, each a process of its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hub, hubJson, lasting } from './hub.ts';
import { startVendors, type Vendors } from './vendors.ts';

let vendors: Vendors;
const home = lasting();
const given = { cwd: home.path };

interface Listed {
  readonly credit: { readonly model: string; readonly version: string; readonly instead: string | null };
  readonly fits: readonly { readonly version: string; readonly model: string; readonly status: string }[];
}

interface Compared {
  readonly waiting: number;
  readonly models: readonly { readonly id: string }[];
  readonly currencies: readonly {
    readonly total: { readonly minor: number };
    readonly rows: readonly { readonly byModel: Readonly<Record<string, { readonly minor: number }>> }[];
  }[];
}

beforeAll(async () => {
  vendors = await startVendors();
  const models = ['first', 'linear', 'position', 'shapley', 'hazard', 'markov:1'];
  const attribution = { models, creditModel: 'data-driven', minConversions: 20, resamples: 20, refit: 'off' };
  home.write('config/hub.yaml', vendors.config({ attribution }));
}, 60_000);
afterAll(async () => {
  await vendors.close();
  home.remove();
});

const listed = async () => (await hubJson<Listed>(['models'], given)).value;

async function fitOf(model: string): Promise<string> {
  return (await listed()).fits.find((fit) => fit.model === model)?.version ?? '';
}

async function someDeal(): Promise<string> {
  const deals = vendors.emulator('salesforce').records.all('Opportunity');
  return String(deals.find(({ StageName }) => StageName === 'Closed Won')?.Id);
}

describe('models', { timeout: 240_000 }, () => {
  it('are rules before there is a fit, and say so', async () => {
    await hub(['init'], given);
    expect(await hub(['sync'], given)).toMatchObject({ code: 0 });
    const { stdout } = await hub(['models'], given);
    expect(stdout).toContain('The data-driven model has no fit yet.');
    expect(stdout).toContain('`npm run hub -- models fit` makes one');
    const { code, stderr } = await hub(['models', 'experiment'], given);
    expect([code, stderr]).toEqual([1, expect.stringContaining('Make one with `npm run hub -- models fit`')]);
  });

  it('are fitted, checked and promoted, and credit deals with what they rest on', async () => {
    const { code, stdout } = await hub(['models', 'fit'], given);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ok +enough conversions: There are \d+ conversions; 20 are needed\./);
    expect(stdout).toContain('Promoted: it passed all');
    const { credit } = await listed();
    expect(credit).toEqual({ model: 'hazard', version: await fitOf('hazard'), instead: null });
    const deal = await hub(['deal', await someDeal(), '--explain'], given);
    expect(deal.stdout).toMatch(/% spoke for the deal without any touch/);
    expect(deal.stdout).toMatch(/Without the \w+ touch of 20\d\d-\d\d-\d\d, \w+ would have/);
  });

  it('stand side by side with totals that agree to the cent', async () => {
    // Nobody has walked since the fit: comparing credits the deals first.
    const { value } = await hubJson<Compared>(['models', 'compare'], given);
    expect([value.models.length, value.waiting]).toEqual([6, 0]);
    for (const { total, rows } of value.currencies)
      for (const { id } of value.models)
        expect(rows.reduce((sum, { byModel }) => sum + (byModel[id]?.minor ?? 0), 0)).toBe(total.minor);
    const { stdout } = await hub(['models', 'compare', '--status', 'all'], given);
    expect(stdout).toMatch(/^total +\d+\.\d\d/m);
    expect(await hub(['models', 'compare', '--status', 'wonn'], given)).toMatchObject({ code: 2 });
  });

  it('go back and forth by hand, and say first what that changes', async () => {
    const version = await fitOf('hazard');
    const id = await someDeal();
    const before = await hubJson<{ credit: object }>(['deal', id], given);
    const then = new Date().toISOString();
    expect((await hub(['models', 'rollback', 'data-driven'], given)).stdout).toContain(
      'data-driven has no fit any more',
    );
    expect((await hub(['models'], given)).stdout).toContain('has none of its fits in use');
    await hub(['sync'], given);
    const trial = await hubJson<{ changed: number }>(['models', 'promote', version, '--dry-run'], given);
    expect(trial.value.changed).toBeGreaterThan(10);
    expect((await listed()).credit.version).toBe('rule');
    const back = await hubJson<{ credit: object }>(['deal', id, '--as-of', then], given);
    expect(back.value.credit).toEqual(before.value.credit);
    const { stdout } = await hub(['deal', id, '--as-of', then], given);
    expect(stdout).toContain('byte for byte the same');
    expect((await hub(['models', 'promote', version], given)).stdout).toContain('is promoted');
    expect((await listed()).credit.version).toBe(version);
    expect((await hub(['models', 'promote', version], given)).stdout).toContain('credits deals already');
  });

  it('show all that a fit was made of', async () => {
    const version = await fitOf('hazard');
    const { value } = await hubJson<{ fit: { snapshot: object } }>(['models', 'show', version], given);
    expect(value.fit.snapshot).toMatchObject({ seed: expect.anything(), fit: { draws: expect.anything() } });
    const { stdout } = await hub(['models', 'show', version], given);
    expect(stdout).toMatch(/^Chat +\d+ +\d+\.\d % +.* %/m);
    expect(stdout).toMatch(/The same data without intent: \d+\.\d % of all credit goes elsewhere\./);
  });

  it.each([
    ['show', []],
    ['promote', []],
    ['compare', ['x']],
  ])('say that %s needs a version', async (name, words) => {
    const { code, stderr } = await hub(['models', name, ...words], given);
    expect(code).toBe(2);
    expect(stderr).toContain('The version of a fit is missing. Give it: models');
  });

  it('say what is wrong with a wrong word', async () => {
    const wrong = [['guess'], ['show', 'x'], ['promote', 'x'], ['compare', 'x', 'y'], ['rollback', 'linear']];
    for (const words of wrong) expect(await hub(['models', ...words], given)).toMatchObject({ code: 2 });
    expect(await hub(['deal', await someDeal(), '--as-of', 'soon'], given)).toMatchObject({ code: 2 });
    expect(await hub(['models', 'compare', '--from', '2026-02-30'], given)).toMatchObject({ code: 2 });
  });
});
