/**
 * Bulk API 2.0 jobs. They work in the background, on the emulator's own time, whether or not anybody polls.
 * https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/asynch_api_intro.htm
 */
import { ApiError, notFound } from '../errors.ts';
import type { Org } from '../org.ts';
import type { Found } from '../soql/run.ts';
import type { Job, JobState } from './job.ts';
import { type Content, carryOut, finishQuery, type ResultKind, writeResults } from './work.ts';

export interface NewJob {
  readonly kind: Job['kind'];
  readonly operation: string;
  readonly object: string;
  readonly externalIdFieldName?: string | undefined;
  readonly lineEnding: string;
  readonly columnDelimiter: string;
  readonly version: string;
  /** Of a query job. */
  readonly found?: Found;
}

export class BulkJobs {
  readonly #org: Org;
  readonly #jobs = new Map<string, { job: Job; content: Content }>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(org: Org) {
    this.#org = org;
  }

  open({ found, ...rest }: NewJob): Job {
    const now = this.#org.clock.now();
    const job: Job = {
      ...rest,
      externalIdFieldName: rest.externalIdFieldName,
      id: this.#org.ids.next('750'),
      createdById: this.#org.apiUserId,
      createdAt: now,
      changedAt: now,
      state: rest.kind === 'query' ? 'UploadComplete' : 'Open',
      errorMessage: undefined,
      processed: 0,
      failed: 0,
    };
    const content: Content = { csv: undefined, header: [], rows: [], results: [], found };
    this.#jobs.set(job.id, { job, content });
    if (rest.kind === 'query') this.#start(job, content);
    return job;
  }

  /** 404 for ids of the other kind, too. */
  get(kind: Job['kind'], id: string): Job {
    const job = this.#jobs.get(id)?.job;
    if (job?.kind !== kind) throw notFound();
    return job;
  }

  list(kind: Job['kind']): readonly Job[] {
    return [...this.#jobs.values()].map(({ job }) => job).filter((job) => job.kind === kind);
  }

  /** Once per job, while it is open. */
  upload(job: Job, csv: string): void {
    const content = this.#contentOf(job);
    if (job.state !== 'Open' || content.csv !== undefined) {
      const message = `Found multiple contents for job: <${job.id}>, please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job.`;
      throw new ApiError(400, 'INVALIDJOBSTATE', message);
    }
    content.csv = csv;
  }

  setState(job: Job, state: string): void {
    if (state === 'Aborted' && !isOver(job)) {
      this.#move(job, 'Aborted');
    } else if (state === 'UploadComplete' && job.state === 'Open') {
      this.#move(job, 'UploadComplete');
      this.#start(job, this.#contentOf(job));
    } else {
      throw new ApiError(400, 'INVALIDJOBSTATE', `Job state not supported: ${state}`);
    }
  }

  remove(job: Job): void {
    if (!isOver(job)) {
      throw new ApiError(400, 'INVALIDJOBSTATE', `Job ${job.id} is ${job.state} and cannot be deleted`);
    }
    this.#jobs.delete(job.id);
  }

  results(job: Job, kind: ResultKind): string {
    return writeResults(job, this.#contentOf(job), kind, this.#org);
  }

  /** Of a completed query job. */
  found(job: Job): Found {
    const { found } = this.#contentOf(job);
    if (job.state === 'JobComplete' && found !== undefined) return found;
    throw new ApiError(400, 'INVALIDJOBSTATE', `Job ${job.id} is ${job.state}: no results`);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #contentOf(job: Job): Content {
    const known = this.#jobs.get(job.id);
    if (known === undefined) throw notFound();
    return known.content;
  }

  #move(job: Job, state: JobState): void {
    job.state = state;
    job.changedAt = this.#org.clock.now();
  }

  /** One step after the other: two timers may come due in one turn, and then in either order. */
  #start(job: Job, content: Content): void {
    const { bulkMs } = this.#org.knobs;
    this.#later(bulkMs / 2, () => {
      if (job.state !== 'UploadComplete') return;
      this.#move(job, 'InProgress');
      this.#later(bulkMs / 2, () => {
        if (job.state !== 'InProgress') return;
        this.#move(job, job.kind === 'query' ? finishQuery(job, content) : carryOut(this.#org, job, content));
      });
    });
  }

  #later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }
}

function isOver({ state }: Job): boolean {
  return state === 'JobComplete' || state === 'Failed' || state === 'Aborted';
}
