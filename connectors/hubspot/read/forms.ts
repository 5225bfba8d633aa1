/**
 * Form submissions. Only a legacy endpoint gives them, per form and newest first, so each form is
 * a part of its own, with a watermark. UTMs arrive in the `pageUrl` and in hidden fields of a submission.
 * https://developers.hubspot.com/docs/api-reference/legacy/marketing/forms/v1-legacy/get-submissions
 */
import { z } from 'zod';
import type {
  Checkpoint,
  Page,
  PullOptions,
  Stream,
  VendorRecord,
} from '../../../src/connector/contract/reading.ts';
import { clockToleranceMs } from '../../../src/connector/vendor-clock.ts';
import { iso } from '../../../src/support/clock.ts';
import { canonicalJson, fingerprint } from '../../../src/support/fingerprint.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import type { HubSpotConfig } from '../config.ts';
import { ask, build, type HubSpotContext, send } from '../wire/client.ts';
import { nextOf, pageSchema, shaped } from '../wire/shapes.ts';
import { Recent, recentSchema } from './recent.ts';
import { idOf, timeOf } from './record.ts';

const object = 'forms';
const pageSize = 50;
const formsPerPage = 100;

const checkpointSchema = z.object({
  /** Submissions up to this time are known. */
  known: z.number(),
  /** The page to go on with, and when the reading of all of them began. */
  reading: z.object({ startedAt: z.number(), after: z.string() }).nullable(),
  recent: recentSchema,
});
type State = z.infer<typeof checkpointSchema>;
const nothing: State = { known: 0, reading: null, recent: {} };

/** A part is a form, by id. */
export const formStream: Stream<HubSpotConfig> = {
  title: 'Form submissions',
  pageSize,
  // The list of forms says nothing of their submissions, so a look costs one call per form.
  schedule: '0 * * * *',
  parts: async (ctx) => (await listForms(ctx)).map(idOf),
  pull,
};

/** As the list named them last: a submission does not say the name of its form. */
const listed = new WeakMap<HubSpotContext, ReadonlyMap<string, JsonObject>>();

async function listForms(ctx: HubSpotContext): Promise<JsonObject[]> {
  const forms: JsonObject[] = [];
  let after: string | undefined;
  do {
    const answer = await ask(ctx, build.forms.getPage(after, formsPerPage, false, ['all']));
    const page = shaped(pageSchema, answer.json(), 'the forms');
    forms.push(...page.results);
    after = nextOf(page);
  } while (after !== undefined);
  listed.set(ctx, new Map(forms.map((form) => [idOf(form), form])));
  return forms;
}

async function formOf(ctx: HubSpotContext, id: string): Promise<JsonObject> {
  if (!listed.has(ctx)) await listForms(ctx);
  return listed.get(ctx)?.get(id) ?? { id };
}

/** The submissions of one form that are not known yet. Its watermark moves only when all are read. */
async function* pull(
  ctx: HubSpotContext,
  checkpoint: Checkpoint | null,
  { part = '' }: PullOptions = {},
): AsyncGenerator<Page> {
  const start = checkpointSchema.catch(nothing).parse(checkpoint);
  const form = await formOf(ctx, part);
  const recent = new Recent(start.recent);
  let startedAt = start.reading?.startedAt;
  let after = start.reading?.after;
  do {
    const page = await submissions(ctx, form, after);
    startedAt ??= page.servedAt ?? newestOf(page.records);
    const known = knownUpTo(ctx, part, start.known, page.servedAt);
    const keep = startedAt - ctx.config.overlapMs;
    const since = known - ctx.config.overlapMs;
    const fresh = page.records.filter(({ modifiedAt }) => modifiedAt >= since);
    const records = recent.news(fresh, keep);
    after = fresh.length === page.records.length ? page.after : undefined;
    const place =
      after === undefined
        ? { known: Math.max(startedAt, known), reading: null }
        : { known: start.known, reading: { startedAt, after } };
    yield { records, checkpoint: { ...place, recent: recent.remembered(keep) } };
  } while (after !== undefined);
}

function newestOf(records: readonly VendorRecord[]): number {
  return records.reduce((newest, { modifiedAt }) => Math.max(newest, modifiedAt), 0);
}

/** A watermark in the future was taken from a clock that was wrong: nobody knows what it has passed over. */
function knownUpTo(ctx: HubSpotContext, form: string, known: number, servedAt: number | undefined): number {
  if (servedAt === undefined || known <= servedAt + clockToleranceMs) return known;
  const message = `form ${form} was read up to a time that has not come yet: a clock was wrong. Its submissions are read again.`;
  ctx.log.warn({ object, form, reached: iso(known), now: iso(servedAt) }, message);
  return 0;
}

async function submissions(ctx: HubSpotContext, form: JsonObject, after: string | undefined) {
  const answer = await send(ctx, {
    method: 'GET',
    url: `/form-integrations/v1/submissions/forms/${encodeURIComponent(idOf(form))}`,
    query: { limit: String(pageSize), ...(after === undefined ? {} : { after }) },
  });
  const page = shaped(pageSchema, answer.json(), 'the submissions of a form');
  const records = page.results.map((row) => submissionRecord(form, row));
  return { records, after: nextOf(page), servedAt: answer.servedAt };
}

/** Older submissions have no id: what was sent, and when, names them. */
function submissionRecord(form: JsonObject, row: JsonObject): VendorRecord {
  const at = timeOf(row.submittedAt) ?? 0;
  const body = { ...row, form: { id: idOf(form), name: form.name ?? null } };
  const named = typeof row.conversionId === 'string' && row.conversionId !== '' ? row.conversionId : null;
  const id = named ?? fingerprint(canonicalJson({ ...row, form: idOf(form) }));
  return { object, id, body, createdAt: at, modifiedAt: at };
}
