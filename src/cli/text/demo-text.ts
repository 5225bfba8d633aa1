/** The demo's report, for somebody who sees it for the first time. */

import type { DealReport } from '../../reports/readback.ts';
import type { SideBySide } from '../../reports/side-by-side.ts';
import type { ParkedReason } from '../../store/contract/work.ts';
import { formatMoney } from '../../support/money.ts';
import { chatShareText } from './chat-share.ts';
import { reasonLines } from './reasons.ts';

export interface ConnectionReport {
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly calls: { readonly read: number; readonly write: number };
  readonly leastCalls: { readonly read: number; readonly write: number };
}

export interface DemoReport {
  readonly deals: readonly DealReport[];
  /** What each model gives each channel of the won deals. */
  readonly won: SideBySide;
  readonly connections: Readonly<Record<string, ConnectionReport>>;
  readonly parked: readonly { stage: string; key: string; reason: ParkedReason }[];
  readonly seconds: number;
}

const topDeals = 10;

export function demoText({ deals, won, connections, parked, seconds }: DemoReport): string {
  const agreeing = deals.filter((deal) => deal.agrees).length;
  const top = deals.filter(({ credit }) => credit.amount !== null).sort(byAmount);
  return [
    'Connections             records in  API calls  least      records out  API calls  least',
    ...Object.entries(connections).map(connectionLine),
    '  (least: the fewest calls that the page and batch limits of each system allow)',
    '',
    'The ten deals with most chat credit',
    ...top.slice(0, topDeals).map(dealLine),
    '',
    ...(top[0]?.credit.reason ? ['What the first of them says', `  ${top[0].credit.reason}`, ''] : []),
    ...chatShareText(won),
    '',
    parked.length > 0 ? `Parked: ${parked.length}` : 'Parked: 0, no record waits for a person',
    ...reasonLines(parked),
    '',
    `${deals.length} deals; read back through the CRMs' own APIs, ${agreeing} hold the credit that the hub computed. ${seconds} s.`,
  ].join('\n');
}

function connectionLine([name, { recordsIn, recordsOut, calls, leastCalls }]: [
  string,
  ConnectionReport,
]): string {
  const side = (records: number, made: number, least: number) =>
    `${grouped(records).padStart(12)}${String(made).padStart(11)}${String(least).padStart(7)}`;
  const read = side(recordsIn, calls.read, leastCalls.read);
  return `  ${name.padEnd(20)}${read}     ${side(recordsOut, calls.write, leastCalls.write)}`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** The larger number first; currencies are not converted. */
function byAmount(a: DealReport, b: DealReport): number {
  return (b.credit.amount?.minor ?? 0) - (a.credit.amount?.minor ?? 0) || (a.id < b.id ? -1 : 1);
}

function dealLine({ name, status, credit }: DealReport): string {
  const share = `${((credit.share ?? 0) * 100).toFixed(0)} %`.padStart(6);
  const amount = credit.amount ? formatMoney(credit.amount.minor, credit.amount.currency) : '';
  const touches = credit.touches === 1 ? '1 chat' : `${credit.touches ?? 0} chats`;
  return `  ${name.slice(0, 40).padEnd(40)}${share}${amount.padStart(17)}  ${(status ?? '').padEnd(4)}  ${credit.role ?? ''} by ${touches}`;
}
