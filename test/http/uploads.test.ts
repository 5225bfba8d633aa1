/** Bodies that arrive at once: how much is held of all of them and of one sender, and who gives way. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { senderOf, type Upload, Uploads } from '../../src/http/uploads.ts';

const patient = { together: 40, ofOneSender: 20, patienceMs: 3_600_000 };
const impatient = { ...patient, patienceMs: -1 };

/** Sends `text` and leaves the body open until it is ended; keeps the bytes until `release`. */
function upload(uploads: Uploads, sender: string, text: string, announced = 0) {
  const stream = new PassThrough();
  const released = Promise.withResolvers<void>();
  const read = Promise.withResolvers<Upload>();
  const worked = uploads.read({ stream, announced, sender, maxBytes: 30 }, async (result) => {
    read.resolve(result);
    await released.promise;
  });
  stream.write(text);
  const release = () => {
    released.resolve();
    return worked;
  };
  return { stream, result: read.promise, release };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const ten = 'x'.repeat(10);

describe('bytes of bodies', () => {
  it('come whole while there is room', async () => {
    const one = upload(new Uploads(patient), 'a', 'hello');
    one.stream.end(' world');
    expect(await one.result).toEqual({ body: Buffer.from('hello world') });
  });

  it('of one sender are bounded, and others still go through', async () => {
    const uploads = new Uploads(patient);
    for (const _ of [1, 2]) upload(uploads, 'a', ten);
    await turn();
    expect(await upload(uploads, 'a', '', 1).result).toEqual({ refused: 'tooMany' });
    expect(await upload(uploads, 'a', 'x').result).toEqual({ refused: 'tooMany' });
    const other = upload(uploads, 'b', ten);
    other.stream.end();
    expect(await other.result).toEqual({ body: Buffer.from(ten) });
  });

  it('of all senders together are bounded', async () => {
    const uploads = new Uploads(patient);
    for (const sender of ['a', 'b', 'c', 'd']) upload(uploads, sender, ten);
    await turn();
    expect(await upload(uploads, 'e', '', 1).result).toEqual({ refused: 'tooMany' });
  });

  it('that are being worked on count until that has ended', async () => {
    const uploads = new Uploads(impatient);
    const done = [upload(uploads, 'a', ten), upload(uploads, 'a', ten)];
    for (const { stream, result } of done) {
      stream.end();
      await result;
    }
    expect(await upload(uploads, 'a', '', 1).result).toEqual({ refused: 'tooMany' });
    for (const { release } of done) await release();
    const next = upload(uploads, 'a', 'x', 1);
    next.stream.end();
    expect(await next.result).toEqual({ body: Buffer.from('x') });
  });

  it.each([
    ['the same sender', 'a'],
    ['another', 'e'],
  ])('of those that take too long give way to %s', async (_, sender) => {
    const uploads = new Uploads(impatient);
    const slow = ['a', 'a', 'b', 'b'].map((one) => upload(uploads, one, ten));
    await turn();
    const next = upload(uploads, sender, 'x', 1);
    next.stream.end();
    expect(await next.result).toEqual({ body: Buffer.from('x') });
    expect(await slow[0]?.result).toEqual({ refused: 'tooSlow' });
  });

  it('beyond what one body may have are refused, announced or not', async () => {
    const uploads = new Uploads({ ...patient, ofOneSender: 40 });
    expect(await upload(uploads, 'a', '', 31).result).toEqual({ refused: 'tooLarge' });
    expect(await upload(uploads, 'a', 'x'.repeat(31)).result).toEqual({ refused: 'tooLarge' });
  });
});

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  [undefined, 'unknown'],
])('the sender at %s is %s', (address, sender) => {
  expect(senderOf(address)).toBe(sender);
});
