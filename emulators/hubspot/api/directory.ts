/** What is looked up and never written here: owners, pipelines, forms and their submissions, the account. */

import { iso } from '../../../src/support/clock.ts';
import type { LoopbackAnswer } from '../../loopback/loopback.ts';
import type { Form, Owner, Submission } from '../portal.ts';
import { type Pipeline, pipelineJson, pipelines, stageJson } from '../state/pipelines.ts';
import { invalid, notFound } from '../state/refusal.ts';
import { type Call, flagParam, limitParam, param, typeOf } from './call.ts';

export function listOwners(call: Call): LoopbackAnswer {
  const email = call.request.query.get('email')?.toLowerCase();
  const after = Number(call.request.query.get('after') ?? 0);
  const limit = limitParam(call, 100, 500);
  const live = flagParam(call, 'archived') ? [] : call.portal.owners;
  const wanted = live.filter(
    (owner) => (email === undefined || owner.email === email) && Number(owner.id) > after,
  );
  const page = wanted.slice(0, limit);
  const paging = page.length < wanted.length ? { paging: { next: { after: page.at(-1)?.id } } } : {};
  return { status: 200, json: { results: page.map(ownerJson), ...paging } };
}

export function readOwner(call: Call): LoopbackAnswer {
  const byUser = call.request.query.get('idProperty') === 'userId';
  const id = param(call, 'id');
  const owner = call.portal.owners.find((one) => (byUser ? String(one.userId) : one.id) === id);
  if (!owner) throw notFound();
  return { status: 200, json: ownerJson(owner) };
}

function ownerJson({ id, userId, email, firstName, lastName, createdAt }: Owner): object {
  const stamps = { createdAt: iso(createdAt), updatedAt: iso(createdAt), archived: false };
  return {
    id,
    email,
    type: 'PERSON',
    firstName,
    lastName,
    userId,
    userIdIncludingInactive: userId,
    ...stamps,
  };
}

export function listPipelines(call: Call): LoopbackAnswer {
  return { status: 200, json: { results: pipelinesOf(call).map(pipelineJson) } };
}

export function readPipeline(call: Call): LoopbackAnswer {
  const { pipeline, index } = findPipeline(call);
  return { status: 200, json: pipelineJson(pipeline, index) };
}

export function listStages(call: Call): LoopbackAnswer {
  return { status: 200, json: { results: findPipeline(call).pipeline.stages.map(stageJson) } };
}

function pipelinesOf(call: Call): readonly Pipeline[] {
  return pipelines[typeOf(call).name] ?? [];
}

function findPipeline(call: Call): { pipeline: Pipeline; index: number } {
  const all = pipelinesOf(call);
  const index = all.findIndex(({ id }) => id === param(call, 'id'));
  const pipeline = all[index];
  if (!pipeline) throw notFound();
  return { pipeline, index };
}

export function listForms(call: Call): LoopbackAnswer {
  const limit = limitParam(call, 20, 500);
  const start = readCursor(call) ?? 0;
  const page = call.portal.forms.slice(start, start + limit);
  const end = start + page.length;
  return {
    status: 200,
    json: { results: page.map(formJson), ...pagingTo(end < call.portal.forms.length, end) },
  };
}

export function readForm(call: Call): LoopbackAnswer {
  return { status: 200, json: formJson(findForm(call)) };
}

function findForm({ portal, params }: Call): Form {
  const form = portal.forms.find(({ id }) => id === params.id);
  if (form) return form;
  throw notFound(`Form ${params.id} does not exist`);
}

function formJson({ id, name, createdAt }: Form): object {
  return {
    id,
    name,
    createdAt: iso(createdAt),
    updatedAt: iso(createdAt),
    archived: false,
    fieldGroups: [{ groupType: 'default_group', richTextType: 'text', fields: [] }],
    configuration: {
      language: 'en',
      createNewContactForNewEmail: false,
      editable: true,
      allowLinkToResetKnownValues: false,
      postSubmitAction: { type: 'thank_you', value: 'Thank you.' },
      prePopulateKnownValues: true,
      cloneable: true,
      notifyContactOwner: false,
      recaptchaEnabled: false,
      archivable: true,
      notifyRecipients: [],
      embedType: 'V3',
    },
    displayOptions: {
      renderRawHtml: false,
      theme: 'default_style',
      submitButtonText: 'Submit',
      style: {},
      cssClass: null,
    },
    legalConsentOptions: { type: 'none' },
    formType: 'hubspot',
  };
}

/** Newest first. The cursor counts from the oldest, so that a new submission does not shift the pages. */
export function listSubmissions(call: Call): LoopbackAnswer {
  const limit = limitParam(call, 20, 50);
  const form = findForm(call);
  const all = call.portal.submissions.filter(({ formId }) => formId === form.id);
  const end = readCursor(call) ?? all.length;
  const start = Math.max(0, end - limit);
  const results = all.slice(start, end).map(submissionJson).reverse();
  return { status: 200, json: { results, ...pagingTo(start > 0, start) } };
}

function submissionJson({ conversionId, submittedAt, pageUrl, values }: Submission): object {
  return {
    conversionId,
    submittedAt,
    values: values.map((one) => ({ ...one, objectTypeId: '0-1' })),
    pageUrl,
  };
}

/** Recorded cursors are base64 that is percent-encoded already; both forms come back from clients. */
function pagingTo(more: boolean, position: number): object {
  return more ? { paging: { next: { after: encodeURIComponent(btoa(String(position))) } } } : {};
}

function readCursor({ request }: Call): number | undefined {
  const after = request.query.get('after');
  if (after === null) return undefined;
  const text = Buffer.from(decodeURIComponent(after), 'base64').toString();
  if (/^\d+$/.test(text)) return Number(text);
  throw invalid(`Invalid paging cursor: ${after}`);
}

const account = {
  accountType: 'STANDARD',
  timeZone: 'US/Eastern',
  utcOffset: '-05:00',
  utcOffsetMilliseconds: -18_000_000,
};

export function readAccount({ portal }: Call): LoopbackAnswer {
  const currencies = { companyCurrency: portal.knobs.currency, additionalCurrencies: ['EUR', 'JPY'] };
  const place = { uiDomain: 'app.hubspot.com', dataHostingLocation: 'na1' };
  return { status: 200, json: { portalId: portal.id, ...account, ...currencies, ...place } };
}

/** The old way to ask who the token belongs to. */
export function readMe({ portal }: Call): LoopbackAnswer {
  return { status: 200, json: { portalId: portal.id, ...account, currency: portal.knobs.currency } };
}
