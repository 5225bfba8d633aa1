/** What Salesforce works out on an opportunity itself, and the history it keeps. */
import type { Row, Value } from '../schema/model.ts';
import { stages } from '../schema/picklists.ts';
import type { Writer } from './writer.ts';

export function completeOpportunity(row: Row, old: Row | undefined, given: Row, writer: Writer): void {
  if (row.StageName !== old?.StageName) {
    row.LastStageChangeDate = old === undefined ? null : writer.stamp;
    applyStage(row, given);
  }
  if (row.CloseDate !== old?.CloseDate) applyFiscalPeriod(row);
  if (old !== undefined && String(row.CloseDate) > String(old.CloseDate))
    row.PushCount = Number(old.PushCount ?? 0) + 1;
}

/** The stage decides the rest, unless the writer set a probability in the same breath. */
function applyStage(row: Row, given: Row): void {
  const stage = stages.find((one) => one.label.toLowerCase() === String(row.StageName).toLowerCase());
  row.IsClosed = stage?.closed ?? false;
  row.IsWon = stage?.won ?? false;
  row.ForecastCategory = stage?.forecast ?? 'Pipeline';
  row.ForecastCategoryName = row.ForecastCategory === 'Forecast' ? 'Commit' : row.ForecastCategory;
  if (given.Probability === undefined) row.Probability = stage?.probability ?? 0;
}

function applyFiscalPeriod(row: Row): void {
  const [year = 0, month = 1] = String(row.CloseDate).split('-').map(Number);
  row.FiscalYear = year;
  row.FiscalQuarter = Math.ceil(month / 3);
  row.Fiscal = `${year} ${row.FiscalQuarter}`;
}

const watched = ['StageName', 'Amount', 'CloseDate', 'Probability'];

export function keepHistory(row: Row, old: Row | undefined, { org, userId, stamp }: Writer): void {
  if (old !== undefined && watched.every((name) => (row[name] ?? null) === (old[name] ?? null))) return;
  org.table('OpportunityHistory').insert({
    Id: org.ids.next('008'),
    OpportunityId: row.Id as Value,
    CreatedById: userId,
    CreatedDate: stamp,
    SystemModstamp: stamp,
    IsDeleted: false,
    StageName: row.StageName ?? null,
    Amount: row.Amount ?? null,
    ExpectedRevenue: expected(row),
    CloseDate: row.CloseDate ?? null,
    Probability: row.Probability ?? null,
    ForecastCategory: row.ForecastCategory ?? null,
    PrevAmount: old?.Amount ?? null,
    PrevCloseDate: old?.CloseDate ?? null,
    CurrencyIsoCode: row.CurrencyIsoCode ?? null,
  });
}

function expected({ Amount, Probability }: Row): number | null {
  return typeof Amount === 'number' ? Math.round(Amount * Number(Probability ?? 0)) / 100 : null;
}
