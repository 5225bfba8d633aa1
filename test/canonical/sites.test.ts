import { describe, expect, it } from 'vitest';
import { trafficOf } from '../../src/canonical/channel.ts';
import { siteBook, sourceKinds } from '../../src/canonical/sites.ts';
import { knownSites } from '../../src/canonical/sources.ts';
import { placeOf, readLandingPage } from '../../src/canonical/utm.ts';

describe('well-known sites', () => {
  const book = siteBook();

  it.each(
    sourceKinds.flatMap((kind) => knownSites[kind].hosts.map((entry) => [entry, kind] as const)),
  )('%s is found as %s', (entry, kind) => {
    const address = entry.replace(/^\*\./, 'any.').replace(/\.\*(?=\/|$)/, '.com.br');
    expect([...book.kindsAt(placeOf(`https://${address}`))]).toContain(kind);
  });

  it('have no host of two kinds, but for pages under a path', () => {
    const entries = sourceKinds.flatMap((kind) => knownSites[kind].hosts);
    expect(entries.filter((entry, at) => entries.indexOf(entry) !== at)).toEqual([]);
  });
});

describe('sites of the configuration', () => {
  const book = siteBook({
    sites: {
      search: ['Intrasearch', 'find.*', 'https://www.Portal.example/search/'],
      social: ['*.wall.example', 'm\u00fcller.example'],
    },
    own: ['https://www.Shop.example/', 'b\u00fccher.example'],
  });

  it.each([
    ['https://eu.intrasearch.example/', ['search']],
    ['https://intrasearch.other.example/', []],
    ['https://find.co.uk/', ['search']],
    ['https://www.find.de/', ['search']],
    ['https://find.dev.example/', []],
    ['https://portal.example/search/web', ['search']],
    ['https://portal.example/searching', []],
    ['https://portal.example/', []],
    ['https://a.b.wall.example/', ['social']],
    ['https://wall.example/', ['social']],
    ['https://firewall.example/', []],
    ['https://xn--mller-kva.example/', ['social']],
  ])('%s: %j', (address, kinds) => {
    expect([...book.kindsAt(placeOf(address))]).toEqual(kinds);
  });

  it('count as names of sources by their first words', () => {
    expect([...book.kindsOf('intrasearch ads')]).toEqual(['search']);
    expect([...book.kindsOf('my-intrasearch')]).toEqual([]);
  });

  const from = (referrer: string) => {
    const { source, medium } = trafficOf(readLandingPage('/x'), '/x', referrer, book);
    return `${source} / ${medium}`;
  };

  it('decide the medium of a referrer, and which sites are no source', () => {
    expect(from('https://eu.intrasearch.example/')).toBe('eu.intrasearch.example / organic');
    expect(from('https://blog.shop.example/')).toBe('(direct) / (none)');
    expect(from('https://b\u00fccher.example/')).toBe('(direct) / (none)');
    expect(from('https://workshop.example/')).toBe('workshop.example / referral');
  });
});
