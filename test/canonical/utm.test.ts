import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clickIdParameters, hasUtm, hostOf, readLandingPage } from '../../src/canonical/utm.ts';

describe('readLandingPage', () => {
  it('reads every UTM parameter', () => {
    const query =
      'utm_source=s&utm_medium=m&utm_campaign=c&utm_term=t&utm_content=n&utm_id=i' +
      '&utm_source_platform=p&utm_creative_format=f&utm_marketing_tactic=k';
    expect(readLandingPage(`https://a.example/?${query}`).utm).toEqual({
      source: 's',
      medium: 'm',
      campaign: 'c',
      term: 't',
      content: 'n',
      id: 'i',
      sourcePlatform: 'p',
      creativeFormat: 'f',
      marketingTactic: 'k',
    });
  });

  it('reads every click id', () => {
    const query = clickIdParameters.map((name) => `${name}=${name}-1`).join('&');
    const expected = Object.fromEntries(clickIdParameters.map((name) => [name, `${name}-1`]));
    expect(readLandingPage(`https://a.example/?${query}`).clickIds).toEqual(expected);
  });

  it.each([
    ['capitals in names', 'https://a.example/?UTM_Source=Google&GCLID=x', { source: 'Google' }],
    ['an encoded name and value', 'https://a.example/?utm%5Fsource=caf%C3%A9%20bar', { source: 'café bar' }],
    ['a plus for a space', '?utm_campaign=spring+sale', { campaign: 'spring sale' }],
    ['the first of repeated values', '?utm_source=a&utm_source=b', { source: 'a' }],
    ['the first that has a value', '?utm_source=&utm_source=b', { source: 'b' }],
    ['a fragment', 'https://a.example/#utm_source=a', { source: 'a' }],
    ['the route of a single-page app', 'https://a.example/#/pricing?utm_source=a', { source: 'a' }],
    ['the query before the fragment', 'https://a.example/?utm_source=q#utm_source=f', { source: 'q' }],
    ['HTML-escaped separators', '?utm_source=a&amp;utm_medium=b', { source: 'a', medium: 'b' }],
    ['semicolons', '?utm_source=a;utm_medium=b', { source: 'a', medium: 'b' }],
    ['a second question mark', '?ref=x?utm_source=a', { source: 'a' }],
    [
      'broken escapes beside good ones',
      '?utm_source=100%&utm_medium=%E4%B8%AD%ZZ',
      { source: '100%', medium: '中%ZZ' },
    ],
    ['a cut-off escape', '?utm_source=caf%C3', { source: 'caf%C3' }],
    ['a relative address', '/pricing?utm_source=a', { source: 'a' }],
    ['a bare query', 'utm_source=a&utm_medium=b', { source: 'a', medium: 'b' }],
    ['other schemes', 'android-app://com.example/?utm_source=a', { source: 'a' }],
  ])('copes with %s', (_, address, utm) => {
    expect(readLandingPage(address).utm).toEqual(utm);
  });

  it('finds nothing where there is nothing', () => {
    for (const address of [
      '',
      'https://a.example/',
      '?utm_source',
      '?utm_source=+',
      '?=x&utm_=1',
      '?constructor=utm&__proto__=1',
      '#',
    ]) {
      const page = readLandingPage(address);
      expect([address, hasUtm(page), page.clickIds]).toEqual([address, false, {}]);
    }
  });

  it('cuts values that nobody meant', () => {
    expect(readLandingPage(`?utm_source=${'x'.repeat(10_000)}`).utm.source).toHaveLength(500);
  });

  it('never throws, whatever the address', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('?', '#', '&', '=', '%', '%C3', 'utm_source', '&amp;', '\ud800'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const address = pieces.join('');
        expect(readLandingPage(address)).toBeTypeOf('object');
        expect(hostOf(address)).toBeTypeOf('string');
      }),
    );
  });

  it('reads back what was written into a query', () => {
    const value = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((text) => text.trim() === text);
    fc.assert(
      fc.property(value, value, (source, campaign) => {
        const query = new URLSearchParams({ utm_source: source, utm_campaign: campaign });
        expect(readLandingPage(`https://a.example/?${query}`).utm).toEqual({ source, campaign });
      }),
    );
  });
});

describe('hostOf', () => {
  it.each([
    ['https://www.google.com/search?q=x', 'google.com'],
    ['google.com', 'google.com'],
    ['http://a.example:8080/', 'a.example'],
    ['not a host', ''],
    ['', ''],
  ])('%s → %s', (address, host) => {
    expect(hostOf(address)).toBe(host);
  });
});
