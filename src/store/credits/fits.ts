/** Fitted models, and which of them credited deals when. */
import { sql } from 'kysely';
import type { Fit, Fits, KeptFit, Promotion } from '../contract/fits.ts';
import type { Database } from '../database/database.ts';
import { fromJson } from '../database/json.ts';
import type { Session } from '../database/session.ts';
import type { Row } from '../database/tables.ts';
import { careerOf, standing, versionAt } from './promotions.ts';

interface Filter {
  readonly model?: string;
}

export class SqlFits implements Fits {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async save(fit: Fit): Promise<boolean> {
    return (await this.#database.write((session) => session.insert('fit', [rowOf(fit)]))) === 1;
  }

  async list({ model, limit }: Filter & { readonly limit?: number } = {}): Promise<KeptFit[]> {
    const { db } = this.#database.read;
    let query = db.selectFrom('fit').select(listed);
    if (model !== undefined) query = query.where('model', '=', model);
    if (limit !== undefined) query = query.limit(limit);
    const rows = await query.orderBy('fitted_at', 'desc').orderBy('version').execute();
    const lines = Map.groupBy(
      await this.promotions(model === undefined ? {} : { model }),
      (line) => line.model,
    );
    return rows.map((row) => ({ ...fitOf(row), ...careerOf(row.version, lines.get(row.model) ?? []) }));
  }

  async get(version: string): Promise<(KeptFit & Fit) | null> {
    const query = this.#database.read.db.selectFrom('fit').selectAll().where('version', '=', version);
    const row = await query.executeTakeFirst();
    if (!row) return null;
    const career = careerOf(version, await this.promotions({ model: row.model }));
    return { ...fitOf(row), ...career, snapshot: fromJson(row.snapshot) };
  }

  prune(model: string, keep: number): Promise<number> {
    return this.#database.write(async (session) => {
      // Nobody promotes meanwhile what is about to go.
      await session.dialect.alone(session.db, 'promotion');
      return session.run(sql`
        delete from fit where model = ${model}
        and version not in (select version from promotion where version is not null)
        and version not in (
          select version from fit where model = ${model} order by fitted_at desc, version limit ${keep})`);
    });
  }

  async promoted(model: string, at?: number): Promise<string | null> {
    const lines = await this.promotions({ model });
    return at === undefined ? standing(lines).version : versionAt(lines, at);
  }

  promote(version: string, at: number): Promise<boolean> {
    return this.#database.write(async (session) => {
      await session.dialect.alone(session.db, 'promotion');
      const [fit] = await session.all(
        sql<{ model: string }>`select model from fit where version = ${version}`,
      );
      if (!fit) return false;
      const lines = await linesOf(session, fit);
      if (standing(lines).version === version) return false;
      await append(session, lines, { model: fit.model, version, at, what: 'promoted' });
      return true;
    });
  }

  rollback(model: string, at: number): Promise<Promotion | null> {
    return this.#database.write(async (session) => {
      await session.dialect.alone(session.db, 'promotion');
      const lines = await linesOf(session, { model });
      const { version, before } = standing(lines);
      if (version === null) return null;
      return append(session, lines, { model, version: before.at(-1) ?? null, at, what: 'rolled back' });
    });
  }

  promotions(filter: Filter = {}): Promise<Promotion[]> {
    return linesOf(this.#database.read, filter);
  }

  turn(): Promise<number> {
    return lastTurn(this.#database.read);
  }
}

const listed = [
  'version',
  'model',
  'fitted_at',
  'data_from',
  'data_to',
  'counts',
  'quality',
] as const satisfies readonly (keyof Row<'fit'>)[];

async function linesOf({ db }: Session, { model }: Filter): Promise<Promotion[]> {
  let query = db.selectFrom('promotion').select(['model', 'version', 'at', 'what']);
  if (model !== undefined) query = query.where('model', '=', model);
  const rows = await query.orderBy('turn').execute();
  return rows.map(({ what, ...row }) => ({ ...row, what: what as Promotion['what'] }));
}

/** Two machines' clocks may disagree; the log goes forward in time all the same. */
async function append(session: Session, before: readonly Promotion[], line: Promotion): Promise<Promotion> {
  const at = Math.max(line.at, before.at(-1)?.at ?? line.at);
  const turn = (await lastTurn(session)) + 1;
  await session.insert('promotion', [{ ...line, at, turn }]);
  return { ...line, at };
}

async function lastTurn(session: Session): Promise<number> {
  const [row] = await session.all(sql<{ turn: number | null }>`select max(turn) as turn from promotion`);
  return row?.turn ?? 0;
}

function rowOf({ version, model, fittedAt, window, counts, quality, snapshot }: Fit): Row<'fit'> {
  return {
    version,
    model,
    fitted_at: fittedAt,
    data_from: window.from,
    data_to: window.to,
    counts: JSON.stringify(counts),
    quality: JSON.stringify(quality),
    snapshot: JSON.stringify(snapshot),
  };
}

function fitOf(row: Omit<Row<'fit'>, 'snapshot'>): Omit<Fit, 'snapshot'> {
  return {
    version: row.version,
    model: row.model,
    fittedAt: row.fitted_at,
    window: { from: row.data_from, to: row.data_to },
    counts: fromJson<Record<string, number>>(row.counts),
    quality: fromJson<Fit['quality']>(row.quality),
  };
}
