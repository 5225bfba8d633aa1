import { Fault } from '../../../src/connector/fault.ts';
import { keyedToy, toy } from '../toy/connector.ts';
import { keyed } from '../toy/subject.ts';
import { checking, type Defect, judging, pulling, withHttp } from './sabotage.ts';

const toyInc = { account: 'Toy Inc.', missingPermissions: [] };

export const signInDefects: readonly Defect[] = [
  {
    name: 'does not name the account',
    toy: checking(toy, async (check, ctx) => ({ ...(await check(ctx)), account: ' ' })),
    caughtBy: ['good credentials are recognised, and the account is named'],
  },
  {
    name: 'believes every credential',
    toy: checking(toy, (check, ctx) => check(ctx).catch(() => toyInc)),
    caughtBy: ['bad credentials are told apart from everything else'],
  },
  {
    name: 'does not look at permissions',
    toy: checking(toy, async (check, ctx) => ({ ...(await check(ctx)), missingPermissions: [] })),
    caughtBy: ['a missing permission is named'],
  },
  {
    name: 'asks for ever when it is refused',
    toy: pulling(toy, async function* (pull, ctx, ...rest) {
      const { send } = ctx.http;
      const stubborn: typeof send = (request) =>
        send(request)
          .catch(() => send(request))
          .catch(() => send(request));
      yield* pull(
        withHttp(ctx, (http) => ({ ...http, send: stubborn })),
        ...rest,
      );
    }),
    caughtBy: ['a vendor who refuses every token is not asked for ever'],
  },
  {
    name: 'signs in again with every renewed token',
    toy: {
      ...toy,
      auth: {
        ...toy.auth,
        grant: async (ctx, previous) => {
          if (previous !== null) await toy.auth.grant?.(ctx, null);
          return (await toy.auth.grant?.(ctx, previous)) ?? Promise.reject(new Error('the toy signs in'));
        },
      },
    },
    caughtBy: ['one dead token leads to one sign-in, however many calls met it'],
  },
  {
    name: 'takes a dead token for a wrong request',
    toy: judging(toy, (fault) =>
      fault?.kind === 'unauthorized' ? new Fault('rejected', fault.message) : fault,
    ),
    caughtBy: [
      'a vendor who refuses every token is not asked for ever',
      'one dead token leads to one sign-in, however many calls met it',
      'a token that dies in the middle of a reading is replaced',
    ],
  },
  {
    name: 'takes a dead key for the end of the list',
    toy: pulling(keyedToy, async function* (pull, ...input) {
      try {
        yield* pull(...input);
      } catch (error) {
        if (!(error instanceof Fault && error.kind === 'unauthorized')) throw error;
      }
    }),
    subject: { signIn: keyed.signIn ?? { bad: [] } },
    caughtBy: [
      'a vendor who refuses every token is not asked for ever',
      'a key that dies in the middle of a reading is told, and a new one goes on from the last page',
    ],
  },
];
