/**
 * Every table of the store as data: columns with their types, and the primary key. Row types, batch inserts
 * and the copy from one database to another all follow from it; the migrations create what it says, and a
 * test holds the two against each other. `?` marks a column that may be null; JSON rests in text columns,
 * so that a body comes back byte for byte (jsonb refuses `\u0000` and lone surrogates, and sorts the keys).
 */
export const columns = {
  landed: {
    ref: 'text',
    connection: 'text',
    object: 'text',
    modified_at: 'integer',
    created_at: 'integer?',
    first_at: 'integer',
    read_at: 'integer?',
    version: 'text?',
    by_us: 'integer',
    tombstone: 'text?',
    body: 'text',
    kept: 'text?',
    told: 'text',
    history: 'text',
    void_until: 'integer?',
  },
  work: {
    stage: 'text',
    key: 'text',
    scope: 'text',
    version: 'integer',
    marked_at: 'integer',
    ready_at: 'integer?',
    attempts: 'integer',
    holder: 'text?',
    parked_at: 'integer?',
    reason: 'text?',
  },
  fact: { ref: 'text', hash: 'text' },
  contribution: { name: 'text', ref: 'text', data: 'text' },
  contribution_key: { key: 'text', name: 'text' },
  link: {
    ref: 'text',
    position: 'integer',
    relation: 'text',
    from_key: 'text',
    to_key: 'text',
    role: 'text?',
    is_primary: 'integer?',
  },
  event: { id: 'text', type: 'text', time: 'integer', ref: 'text', subject: 'text', data: 'text' },
  entity: {
    id: 'text',
    kind: 'text',
    parent: 'text?',
    fields: 'text',
    provenance: 'text',
    members: 'text',
    keys: 'text',
    withdrawn: 'integer',
    derived: 'text?',
  },
  entity_key: { kind: 'text', key: 'text', entity_id: 'text' },
  member: { name: 'text', entity_id: 'text' },
  merge: {
    entity_id: 'text',
    at: 'integer',
    line: 'text',
    kind: 'text',
    what: 'text',
    came_from: 'text',
    went_into: 'text',
  },
  credit: {
    deal_id: 'text',
    model: 'text',
    touch: 'text',
    channel: 'text',
    time: 'integer',
    share: 'real',
    amount_minor: 'integer',
    currency: 'text',
    reason: 'text',
    version: 'text',
  },
  computation: {
    deal_id: 'text',
    at: 'integer',
    ended_at: 'integer',
    told_at: 'integer?',
    rules: 'text',
    facts: 'text?',
    digests: 'text',
  },
  credit_facts: { deal_id: 'text', hash: 'text', body: 'text' },
  fit: {
    version: 'text',
    model: 'text',
    fitted_at: 'integer',
    data_from: 'integer',
    data_to: 'integer',
    counts: 'text',
    quality: 'text',
    snapshot: 'text',
  },
  promotion: { turn: 'integer', model: 'text', version: 'text?', at: 'integer', what: 'text' },
  outbox_write: {
    id: 'text',
    run: 'text',
    connection: 'text',
    object: 'text',
    entity_id: 'text',
    record_id: 'text?',
    op: 'text',
    fields: 'text',
    replaced: 'text',
    status: 'text',
    at: 'integer',
    fault: 'text?',
  },
  field_memory: {
    ref: 'text',
    field: 'text',
    path: 'text',
    canonical: 'text',
    sent: 'text',
    answer: 'text?',
    value: 'text',
    value_at: 'integer',
    value_exact: 'integer',
    basis: 'integer',
    repeats: 'integer',
    status: 'text',
  },
  token: { connection: 'text', sealed: 'text' },
  checkpoint: { connection: 'text', stream: 'text', value: 'text' },
  state: { key: 'text', value: 'text' },
  lease: { name: 'text', holder: 'text', expires_at: 'integer' },
  replay: { connection: 'text', key: 'text', at: 'integer' },
  run: {
    id: 'text',
    kind: 'text',
    connection: 'text?',
    started_at: 'integer',
    ended_at: 'integer?',
    status: 'text',
    counts: 'text',
    message: 'text?',
  },
} as const;

export const primaryKeys = {
  landed: ['ref'],
  work: ['stage', 'key'],
  fact: ['ref'],
  contribution: ['name'],
  contribution_key: ['key', 'name'],
  link: ['ref', 'position'],
  event: ['id'],
  entity: ['id'],
  entity_key: ['kind', 'key'],
  member: ['name'],
  merge: ['entity_id', 'at', 'line'],
  credit: ['deal_id', 'model', 'touch'],
  computation: ['deal_id', 'at'],
  credit_facts: ['deal_id', 'hash'],
  fit: ['version'],
  promotion: ['turn'],
  outbox_write: ['id'],
  field_memory: ['ref', 'field'],
  token: ['connection'],
  checkpoint: ['connection', 'stream'],
  state: ['key'],
  lease: ['name'],
  replay: ['connection', 'key'],
  run: ['id'],
} as const satisfies { readonly [T in TableName]: readonly (keyof (typeof columns)[T])[] };

export type TableName = keyof typeof columns;
export const tableNames = Object.keys(columns) as TableName[];

export type ColumnType = 'text' | 'text?' | 'integer' | 'integer?' | 'real';

interface Values {
  text: string;
  'text?': string | null;
  integer: number;
  'integer?': number | null;
  real: number;
}

export type Tables = {
  [T in TableName]: {
    -readonly [C in keyof (typeof columns)[T]]: Values[(typeof columns)[T][C] & ColumnType];
  };
};

export type Row<T extends TableName> = Tables[T];
