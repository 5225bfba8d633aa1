import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type KeySource, loadKeyring, makeKeyFile } from '../../src/connector/keyring.ts';
import { isOutdated, keyFrom, open, seal } from '../../src/connector/secrets.ts';

const place = { connection: 'crm', purpose: 'token' };
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const bytes = (fill: number) => new Uint8Array(32).fill(fill);
const [one, two] = [keyFrom(bytes(1)), keyFrom(bytes(2))];

describe('a sealed text', () => {
  it('opens to what it was, and looks different every time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const sealed = seal([one], place, text);
        expect(open([one], place, sealed)).toBe(text);
        expect(seal([one], place, text)).not.toBe(sealed);
      }),
      { numRuns: 50 },
    );
  });

  it('does not open when a single character was changed', () => {
    const sealed = seal([one], place, 'a token');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(() => open([one], place, changed)).toThrow(/cannot be unsealed/);
    }
  });

  it('does not open when its last bits are written in another way', () => {
    const sealed = seal([one], place, 'a token');
    const twin = sealed.slice(0, -1) + digits[digits.indexOf(sealed.at(-1) ?? '') ^ 1];
    const bytes = (text: string) => Buffer.from(text.split('.')[2] ?? '', 'base64url');
    expect(bytes(twin)).toEqual(bytes(sealed));
    expect(() => open([one], place, twin)).toThrow(/not in a form/);
  });

  it('does not open in another place, nor when it is cut short', () => {
    const sealed = seal([one], place, 'a token');
    expect(() => open([one], { ...place, connection: 'other' }, sealed)).toThrow(/another place/);
    expect(() => open([one], { ...place, purpose: 'webhook secret' }, sealed)).toThrow(/another place/);
    for (const cut of ['', 'v1', sealed.slice(0, 20), sealed.slice(0, -8)]) {
      expect(() => open([one], place, cut)).toThrow(/cannot be unsealed/);
    }
  });

  it('opens after the key was replaced, as long as the old one is in the ring', () => {
    const sealed = seal([one], place, 'a token');
    expect(open([two, one], place, sealed)).toBe('a token');
    expect(isOutdated([two, one], sealed)).toBe(true);
    expect(isOutdated([two, one], seal([two, one], place, 'a token'))).toBe(false);
    expect(() => open([two], place, sealed)).toThrow(/which the hub does not have/);
  });
});

describe('the hub’s keys', () => {
  const text = (fill: number) => Buffer.from(bytes(fill)).toString('base64');
  const ids = (source: KeySource) => loadKeyring(source).map((key) => key.id);
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), 'hub-key-'));
    onTestFinished(() => rmSync(path, { recursive: true }));
    return path;
  };

  it('come from the environment before the file, the newest first', () => {
    const file = join(folder(), 'hub.key');
    writeFileSync(file, `${text(9)}\n`, { mode: 0o600 });
    expect(ids({ env: { HUB_KEY: `${text(2)}, ${text(1)}` }, file })).toEqual([two.id, one.id]);
    expect(ids({ env: {}, file })).toEqual([keyFrom(bytes(9)).id]);
  });

  it('are made once, for their owner alone', () => {
    const file = join(folder(), 'hub.key');
    expect([makeKeyFile(file), makeKeyFile(file)]).toEqual([true, false]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(loadKeyring({ env: {}, file })).toHaveLength(1);
  });

  it.each([0o640, 0o604, 0o620])('are refused from a file of mode %o, with the remedy', (mode) => {
    const file = join(folder(), 'hub.key');
    writeFileSync(file, text(1));
    chmodSync(file, mode);
    expect(() => loadKeyring({ env: {}, file })).toThrow(
      expect.objectContaining({ kind: 'configuration', remedy: `Close it with: chmod 600 ${file}` }),
    );
  });

  it.each([
    ['missing', undefined, /no hub key/],
    ['too short', Buffer.alloc(16).toString('base64'), /not 32 bytes/],
    ['no base64', 'a'.repeat(44), /not 32 bytes/],
  ])('that are %s are refused without showing them', (_, key, words) => {
    const file = join(folder(), 'hub.key');
    const load = () => loadKeyring({ env: { HUB_KEY: key }, file });
    expect(load).toThrow(words);
    if (key !== undefined) expect(load).not.toThrow(key);
  });
});
