import type { Verdict } from '../../../src/connector/contract/webhooks.ts';
import { toy } from '../toy/connector.ts';
import { object } from '../toy/rows.ts';
import { boxedToy } from '../toy/slow.ts';
import { boxed } from '../toy/subject.ts';
import { windowMs } from '../toy/webhooks.ts';
import { type Defect, parsing, verifying } from './sabotage.ts';

const genuine = 'a genuine webhook is accepted and names what changed';
const forged = 'a forged webhook is refused';
const altered = 'an altered webhook is refused';
const unsigned = 'a webhook that nothing signs is believed for its ids only';
const stale = 'a stale webhook is refused';
const replayed = 'a replayed webhook has the key of the first, and other webhooks have others';
const rubbish = 'rubbish is refused without a crash';

const refusal: Verdict = { accepted: false, status: 401, reason: 'no' };
const accepted = (replayKey: string | undefined): Verdict => ({ accepted: true, replayKey: replayKey ?? '' });

let keys = 0;
let lastBody = '';

export const webhookDefects: readonly Defect[] = [
  {
    name: 'refuses everybody',
    toy: verifying(toy, () => refusal),
    caughtBy: [genuine, forged, altered, stale, replayed, rubbish],
  },
  {
    name: 'names something else',
    toy: parsing(toy, (parse) => (ctx, request) => ({
      ...parse(ctx, request),
      changes: [{ object, id: 'other' }],
    })),
    caughtBy: [genuine],
  },
  {
    name: 'names another part than the one with the news',
    toy: parsing(boxedToy, () => () => ({ changes: [{ object, part: 'left' }], records: [] })),
    subject: { streams: boxed.streams ?? [] },
    // It takes whatever comes for a change, too.
    caughtBy: [genuine, rubbish],
  },
  {
    name: 'believes every signature of the right length',
    toy: verifying(toy, (sound, { headers }) =>
      headers['x-signature']?.length === 64 && !old(sound) ? accepted(headers['x-signature']) : sound,
    ),
    caughtBy: [forged, altered],
  },
  {
    name: 'does not look at the body',
    toy: verifying(toy, (sound, { headers, body }) => {
      if (sound.accepted) lastBody = headers['x-signature'] ?? '';
      return !sound.accepted && body.length > 0 && headers['x-signature'] === lastBody
        ? accepted(lastBody)
        : sound;
    }),
    caughtBy: [altered, stale],
  },
  {
    name: 'takes old webhooks',
    toy: verifying(toy, (sound, { headers }) => (old(sound) ? accepted(headers['x-signature']) : sound)),
    caughtBy: [stale],
  },
  {
    name: 'is in a hurry',
    toy: verifying(toy, (sound, { headers }) => (Number(headers['x-time']) % 2 === 1 ? sound : refusal)),
    caughtBy: [genuine, forged, altered, stale, replayed, rubbish],
  },
  {
    name: 'has one key for all webhooks',
    toy: verifying(toy, (sound) => (sound.accepted ? accepted('key') : sound)),
    caughtBy: [replayed],
  },
  {
    name: 'has a new key for every look',
    toy: verifying(toy, (sound) => {
      keys += 1;
      return sound.accepted ? accepted(String(keys)) : sound;
    }),
    caughtBy: [replayed],
  },
  {
    name: 'believes what anybody may have written',
    toy: parsing(toy, (parse) => (ctx, request) => ({
      ...parse(ctx, request),
      records: [{ object, id: 't1', body: { name: 'Forged' }, modifiedAt: 0 }],
    })),
    subject: { webhooks: { object, windowMs, signed: false } },
    caughtBy: [unsigned],
  },
  {
    name: 'chokes on rubbish',
    toy: parsing(toy, () => (_, { body }) => ({
      changes: JSON.parse(Buffer.from(body).toString()).changed,
      records: [],
    })),
    caughtBy: [genuine, rubbish],
  },
];

function old(verdict: Verdict): boolean {
  return !verdict.accepted && verdict.reason.startsWith('too old');
}
