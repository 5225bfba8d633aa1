import type { Page } from '../../../src/connector/contract/reading.ts';
import { Fault, type FaultKind } from '../../../src/connector/fault.ts';
import type { HttpRequest } from '../../../src/connector/http.ts';
import { toy } from '../toy/connector.ts';
import { type Defect, judging, pulling, sending } from './sabotage.ts';

const throttling = 'throttling is waited out';
const serverErrors = 'server errors are waited out';
const html = 'a proxy’s HTML page is waited out';
const torn = 'an answer that stops in the middle is asked for again';
const lost = 'lost connections are made again';
const slow = 'an answer that does not come in time is asked for again';
const long = 'a long outage is told, and the next run goes on from the last page';
const spent = 'a spent day is told with its time, and the next day goes on from the last page';
const dated = 'a wait until a date is counted from the vendor’s time';
const between = 'cancelling between two pages ends the reading with its reason and no further call';
const during = 'cancelling in the middle of a call ends it at once, and leaves nothing behind';

const once = (request: HttpRequest): HttpRequest => ({ ...request, repeatable: false });

const wrong = new Fault('rejected', 'this request is wrong and will stay wrong');

export const outageDefects: readonly Defect[] = [
  {
    name: 'takes throttling for a wrong request',
    toy: mistaking('throttled'),
    caughtBy: [throttling, spent, dated],
  },
  {
    name: 'takes an outage for a wrong request',
    toy: { ...toy, fault: (answer, asked) => (answer.status < 500 ? toy.fault(answer, asked) : wrong) },
    caughtBy: [serverErrors, html, long, dated],
  },
  {
    name: 'does not repeat harmless reads',
    toy: sending(toy, once),
    caughtBy: [serverErrors, html, torn, lost, slow],
  },
  {
    name: 'takes an outage for the end of the list',
    toy: endingQuietly((error) => error instanceof Fault && error.kind === 'unavailable'),
    caughtBy: [long],
  },
  {
    name: 'keeps the time of a spent day for itself',
    toy: judging(toy, (fault) =>
      fault?.kind === 'throttled' ? new Fault('throttled', fault.message) : fault,
    ),
    caughtBy: [spent, dated],
  },
  {
    name: 'counts a wait until a date from its own time',
    toy: { ...toy, fault: (answer, asked) => toy.fault(answer, { ...asked, now: Date.now() }) },
    caughtBy: [dated],
  },
  {
    name: 'takes cancelling for the end of the list',
    toy: endingQuietly((error) => !(error instanceof Fault)),
    caughtBy: [between, during],
  },
  { name: 'finishes its list before it stops', toy: readingAhead(), caughtBy: [between] },
  { name: 'lets go of promises', toy: lettingGo(), caughtBy: [during] },
];

function mistaking(kind: FaultKind) {
  return judging(toy, (fault) => (fault?.kind === kind ? new Fault('rejected', fault.message) : fault));
}

function endingQuietly(when: (error: unknown) => boolean) {
  return pulling(toy, async function* (pull, ...input) {
    try {
      yield* pull(...input);
    } catch (error) {
      if (!when(error)) throw error;
    }
  });
}

/** Tells all pages of a reading after the last one has come, under a signal that nobody aborts. */
function readingAhead() {
  return pulling(toy, async function* (pull, ...input) {
    const pages: Page[] = [];
    for await (const page of pull(...input)) pages.push(page);
    yield* pages;
  });
}

function lettingGo() {
  return pulling(toy, async function* (pull, ctx, ...rest) {
    void ctx.http.send({ method: 'GET', url: '/me' }).catch((error) => {
      if (ctx.signal.aborted) throw error;
    });
    yield* pull(ctx, ...rest);
  });
}
