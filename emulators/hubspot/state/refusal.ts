import type { LoopbackAnswer } from '../../loopback/loopback.ts';

export interface ErrorDetail {
  readonly message: string;
  readonly code?: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** The error body without `status: "error"` and the correlation id, which every answer gets its own of. */
export interface ErrorBody {
  readonly message: string;
  readonly category?: string;
  readonly subCategory?: string;
  readonly errors?: readonly ErrorDetail[];
  readonly context?: Readonly<Record<string, readonly string[]>>;
  /** The 429 of the burst and daily limits has these in place of a category. */
  readonly errorType?: string;
  readonly policyName?: string;
  readonly groupName?: string;
}

/** What HubSpot answers in place of doing what was asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly body: ErrorBody;
  /** The bad values behind a 400, so that those of a whole batch can be told together. */
  readonly bad: readonly BadValue[];

  constructor(status: number, body: ErrorBody, bad: readonly BadValue[] = []) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.bad = bad;
  }
}

export function toAnswer(refusal: Refusal, correlationId: string): LoopbackAnswer {
  const json = { status: 'error', correlationId, ...refusal.body };
  return { status: refusal.status, json };
}

export function invalid(message: string, more: Omit<ErrorBody, 'message' | 'category'> = {}): Refusal {
  return new Refusal(400, { message, category: 'VALIDATION_ERROR', ...more });
}

export function notFound(message = 'resource not found'): Refusal {
  return new Refusal(404, { message, category: 'OBJECT_NOT_FOUND' });
}

/** One bad value, as HubSpot words it: the `message` of the answer holds a list of these as JSON text. */
export interface BadValue {
  readonly isValid: false;
  readonly message: string;
  readonly error: string;
  readonly name: string;
}

export function invalidValues(bad: readonly BadValue[]): Refusal {
  const message = `Property values were not valid: ${JSON.stringify(bad)}`;
  const errors = bad.map(({ message, error, name }) => ({
    message,
    code: error,
    context: { propertyName: [name] },
  }));
  return new Refusal(400, { message, category: 'VALIDATION_ERROR', errors }, bad);
}

export function contactExists(id: string): Refusal {
  return new Refusal(409, { message: `Contact already exists. Existing ID: ${id}`, category: 'CONFLICT' });
}
