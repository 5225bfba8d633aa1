/** What Salesforce has to say against a request, and what it has to say against one record of it. */

/** A refusal of the whole request: `[{ message, errorCode, fields? }]` with an HTTP status. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly errorCode: string;
  readonly fields: readonly string[] | undefined;

  constructor(status: number, errorCode: string, message: string, fields?: readonly string[]) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.fields = fields;
  }

  body(): object[] {
    const { message, errorCode, fields } = this;
    return [fields === undefined ? { message, errorCode } : { message, errorCode, fields }];
  }
}

export interface SaveError {
  readonly statusCode: string;
  readonly message: string;
  readonly fields: readonly string[];
  /** What a duplicate rule found; only with DUPLICATES_DETECTED. */
  readonly duplicateResult?: object;
}

/** A refusal of one record. Collections and bulk jobs keep it to that record; single calls answer with it. */
export class SaveFault extends Error {
  override readonly name = 'SaveFault';
  readonly errors: readonly SaveError[];

  constructor(statusCode: string, message: string, fields: readonly string[] = [], more: object = {}) {
    super(message);
    this.errors = [{ statusCode, message, fields, ...more }];
  }

  /** The shape and status of single-record calls. A record that is gone is 404, all else 400. */
  toStatus(): number {
    const gone = ['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY'];
    return this.errors.every((error) => gone.includes(error.statusCode) && error.fields.length === 0)
      ? 404
      : 400;
  }

  body(): object[] {
    return this.errors.map(({ statusCode, message, fields, ...more }) => {
      // An unknown column is told without the list of fields that all other refusals have.
      const named = statusCode === 'INVALID_FIELD' && fields.length === 0 ? {} : { fields };
      return { message, errorCode: statusCode, ...named, ...more };
    });
  }
}

export const notFound = () => new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');

export const rolledBack: SaveError = {
  statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
  fields: [],
};
