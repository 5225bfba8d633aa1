/** Files of touches and people: what is right is read exactly, what is wrong is named with its line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readPeople } from '../../../src/attribution/hazard/reading/people.ts';
import { readTouches } from '../../../src/attribution/hazard/reading/touches.ts';

async function read(touches: string | Buffer, people: string | Buffer, covariates: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'touches-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'touches.csv'), touches);
  writeFileSync(join(folder, 'people.csv'), people);
  const known = await readPeople(join(folder, 'people.csv'), covariates, {});
  return readTouches(join(folder, 'touches.csv'), known, {});
}

const people = 'user,converted,end_time_days\nann,1,9\nbob,0,60\n';
const touches = 'user,channel,time_days\nbob,chat,3.25\nann,email,7\nann,chat,2.5\n';

describe('files that are right', () => {
  it('are read as columns, by person and time', async () => {
    expect(await read(touches, people)).toEqual({
      channels: ['chat', 'email'],
      covariates: [],
      converted: Uint8Array.of(1, 0),
      end: Float64Array.of(9, 60),
      starts: Int32Array.of(0, 2, 3),
      channel: Int32Array.of(0, 1, 0),
      time: Float64Array.of(2.5, 7, 3.25),
    });
  });

  it('may have other columns, another order, quotes, blanks, CRLF, a byte order mark, no last line end', async () => {
    const odd =
      '\ufefftime_days,note,user,channel\r\n3.25,"a, ""b""",bob, chat \r\n\r\n7,,ann,"email"\r\n2.5,x,"ann",chat';
    const folk = 'id,end_time_days,user,converted\n1,9, ann ,TRUE\n2,6e1,bob,false\n';
    expect(await read(odd, folk)).toEqual(await read(touches, people));
  });

  it('keep the order of touches at the same time', async () => {
    const { channels, channel } = await read(
      'user,channel,time_days\nann,b,1\nann,c,1\nann,a,1\nann,z,0\n',
      people,
    );
    expect([...channel].map((id) => channels[id])).toEqual(['z', 'b', 'c', 'a']);
  });

  it('may lack touches, and a touch may lie at the very end', async () => {
    expect((await read('user,channel,time_days\n', people)).time).toHaveLength(0);
    expect([...(await read('user,channel,time_days\nann,a,9\n', people)).time]).toEqual([9]);
  });

  it('carry the covariates that were asked for', async () => {
    const scored = 'user,score,converted,end_time_days,size\nann,-1.5e1,1,9,3\nbob,0.25,0,60,4\n';
    const { covariates } = await read(touches, scored, ['size', 'score']);
    expect(covariates).toEqual([
      { name: 'size', values: Float64Array.of(3, 4) },
      { name: 'score', values: Float64Array.of(-15, 0.25) },
    ]);
  });

  it('give every number as written', async () => {
    const number = fc.double({ min: 0, max: 1e6, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.array(number, { minLength: 1, maxLength: 20 }), async (times) => {
        const rows = times.map((time) => `ann,a,${time}`).join('\n');
        const found = await read(
          `user,channel,time_days\n${rows}`,
          'user,converted,end_time_days\nann,1,1000000\n',
        );
        expect([...found.time]).toEqual([...times].sort((one, other) => one - other));
      }),
      { numRuns: 50, seed: 4, endOnFailure: true },
    );
  });

  it('tell channels apart that begin with an invisible mark, and pass over what is not UTF-8 in other columns', async () => {
    const rows = Buffer.concat([
      Buffer.from('user,note,channel,time_days\nann,'),
      Buffer.of(0xff),
      Buffer.from(',"bücher",1\nann,,\ufeffbücher,2\n'),
    ]);
    expect((await read(rows, people)).channels).toEqual(['bücher', '\ufeffbücher']);
  });

  it('tell users apart that look alike', async () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `user${index}@example.com`);
    const folk = `user,converted,end_time_days\n${names.map((name) => `${name},0,5`).join('\n')}`;
    const rows = names.map((name, index) => `${name},a,${index / 1_000}`).reverse();
    const { time } = await read(`user,channel,time_days\n${rows.join('\n')}`, folk);
    expect([...time]).toEqual(names.map((_, index) => index / 1_000));
  });
});

describe('files that are wrong', () => {
  const header = 'user,channel,time_days\n';
  const folk = 'user,converted,end_time_days\n';
  it.each([
    [
      'an unknown user',
      `${header}ann,a,1\ncid,a,1`,
      people,
      'touches.csv:3',
      'The user "cid" is not among the people',
    ],
    ['a touch after the end', `${header}ann,a,9.5`, people, 'touches.csv:2', 'after the end at 9'],
    ['a negative time', `${header}ann,a,-1`, people, 'touches.csv:2', 'negative'],
    ['NaN', `${header}ann,a,NaN`, people, 'touches.csv:2', '"NaN" in time_days is not a number'],
    ['an empty time', `${header}ann,a,`, people, 'touches.csv:2', '"" in time_days is not a number'],
    ['a number with a comma', `${header}ann,a,"1,5"`, people, 'touches.csv:2', '"1,5"'],
    ['an infinite time', `${header}ann,a,1e999`, people, 'touches.csv:2', 'is not a number'],
    ['an empty channel', `${header}ann,,1`, people, 'touches.csv:2', 'The channel is empty'],
    ['a channel called baseline', `${header}ann,baseline,1`, people, 'touches.csv:2', 'baseline'],
    ['a row that is too short', `${header}ann,a`, people, 'touches.csv:2', '2 fields'],
    ['a row that is too long', `${header}ann,a,1,2`, people, 'touches.csv:2', '4 fields'],
    ['an open quote', `${header}"ann,a,1`, people, 'touches.csv:2', 'quote'],
    ['no channel column', 'user,time_days\nann,1', people, 'touches.csv:1', 'There is no column "channel"'],
    ['a column twice', 'user,user,channel,time_days\n', people, 'touches.csv:1', 'twice'],
    ['an empty file', '', people, 'touches.csv', 'empty'],
    ['a user twice', touches, `${people}ann,0,5\n`, 'people.csv:4', 'The user "ann" is here twice'],
    ['an empty user', touches, `${folk},0,5\n`, 'people.csv:2', 'The user is empty'],
    ['a conversion that is neither', touches, `${folk}ann,2,5\n`, 'people.csv:2', 'neither 1 nor 0'],
    ['a negative end', touches, `${folk}ann,1,-5\n`, 'people.csv:2', 'negative'],
  ])('%s', async (_, given, known, where, message) => {
    const failure = read(given, known);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toMatchObject({ name: 'Problem', where: expect.stringContaining(where) });
  });

  const latin1 = (text: string) => Buffer.from(text, 'latin1');
  it.each([
    ['a channel', latin1(`${header}ann,b\xfccher,1`), people, 'touches.csv:2', 'The channel is not UTF-8'],
    [
      'a quoted channel',
      latin1(`${header}ann,"\xff",1`),
      people,
      'touches.csv:2',
      'The channel is not UTF-8',
    ],
    [
      'a user of a touch',
      latin1(`${header}ann,a,1\n\xe9,a,1`),
      people,
      'touches.csv:3',
      'The user is not UTF-8',
    ],
    ['a time', latin1(`${header}ann,a,1\xa0`), people, 'touches.csv:2', 'The time_days is not UTF-8'],
    ['a user', touches, latin1(`${people}\xe9,0,5`), 'people.csv:4', 'The user is not UTF-8'],
    ['an answer', touches, latin1(`${folk}ann,\xe9,5`), 'people.csv:2', 'The converted is not UTF-8'],
    [
      'a header',
      touches,
      latin1('user,converted,end_time_days,gr\xf6\xdfe\n'),
      'people.csv:1',
      'The header is not UTF-8',
    ],
  ])('%s that is not UTF-8', async (_, given, known, where, message) => {
    const failure = read(given, known);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toMatchObject({ name: 'Problem', where: expect.stringContaining(where) });
  });

  it('a covariate that is not there, or is not a number', async () => {
    await expect(read(touches, people, ['score'])).rejects.toThrow('There is no column "score"');
    const scored = 'user,converted,end_time_days,score\nann,1,9,high\n';
    await expect(read(touches, scored, ['score'])).rejects.toThrow('"high" in score is not a number');
  });

  it('a file that is not there', async () => {
    await expect(readPeople('nowhere.csv', [], {})).rejects.toThrow('cannot be read');
  });
});
