/** What each company buys over the year, one deal after the other: the frame that people and touches then fill. */
import type { DealKind, WorldCompany, WorldStage } from '../world.ts';
import { signedAt } from './calendar.ts';
import { type Chance, chance } from './chance.ts';
import { companySizes, dealCourses, dealSizes, type Range, type Size, sizeOrder } from './market.ts';
import { ago, day, hour, type Scene } from './scene.ts';

export interface DealFrame {
  readonly key: string;
  readonly company: WorldCompany;
  readonly kind: DealKind;
  readonly size: Size;
  /** Thousands of dollars. */
  readonly worth: number;
  /** Who takes part: places among the company's buyers, the main one first. */
  readonly team: readonly number[];
  /** When the first of them turned up, ms. */
  readonly from: number;
  /** Oldest first; not empty. */
  readonly stages: readonly (readonly [WorldStage, at: number])[];
}

type Unnamed = Omit<DealFrame, 'key'>;

/** About `count` deals, company by company: two or three each. What one company has no time for, the next ones buy. */
export function planAccounts(scene: Scene, companies: readonly WorldCompany[], count: number): DealFrame[] {
  const draw = chance(scene.seed, 'accounts');
  const frames: Unnamed[] = [];
  for (const [index, company] of companies.entries()) {
    const due = Math.ceil(((index + 1) * count) / companies.length) - frames.length;
    frames.push(...planAccount(scene, draw, company, Math.min(Math.max(due, 1), 3)));
  }
  return frames.slice(0, count).map((frame, index) => ({ key: `d-${pad(index + 1)}`, ...frame }));
}

export function sizeOf({ employees }: Pick<WorldCompany, 'employees'>): Size {
  return sizeOrder.findLast((size) => employees >= companySizes[size].employees[0]) ?? 'small';
}

/** The year is cut into as many parts as there are deals; the last one reaches up to today more often than not. */
function planAccount(scene: Scene, draw: Chance, company: WorldCompany, count: number): Unnamed[] {
  const frames: Unnamed[] = [];
  const part = (scene.now - company.createdAt) / count;
  for (let turn = 0; turn < count; turn += 1) {
    const before = frames.at(-1);
    const quiet = (before?.stages.at(-1)?.[1] ?? company.createdAt) + draw.int(4, 12) * day;
    const from = Math.round(Math.max(company.createdAt + turn * part, quiet) + draw.next() * day);
    const open = turn === count - 1 && draw.flip(0.75);
    const frame = planDeal(scene, draw, company, { kind: kindOf(company, frames), from, open, before });
    if (frame) frames.push(frame);
  }
  return frames;
}

/** Who has bought buys more or renews; who has not yet is asked once more. */
function kindOf(company: WorldCompany, before: readonly Unnamed[]): DealKind {
  if (company.customer) return before.length % 2 === 0 ? 'renewal' : 'expansion';
  return before.some(({ stages }) => stages.at(-1)?.[0] === 'won') ? 'expansion' : 'new business';
}

interface Occasion {
  readonly kind: DealKind;
  readonly from: number;
  /** Not decided by today. */
  readonly open: boolean;
  readonly before: Unnamed | undefined;
}

function planDeal(scene: Scene, draw: Chance, company: WorldCompany, at: Occasion): Unnamed | undefined {
  const wanted = draw.pick(companySizes[sizeOf(company)].deals);
  const lead = draw.int(...(dealCourses[at.kind].leadDays ?? dealSizes[wanted].leadDays)) * day;
  const latest = ago(scene, 2);
  const start = at.open
    ? Math.max(at.from + lead, latest - draw.int(...openDays(wanted)) * day)
    : Math.min(at.from + lead, ago(scene, 20));
  if (start >= latest || start < at.from + 2 * day) return undefined;
  const stages = walk(scene, draw, { kind: at.kind, size: wanted, start });
  const size = wanted === 'large' && !isSerious(stages) ? 'medium' : wanted;
  return {
    company,
    kind: at.kind,
    size,
    worth: draw.int(...dealSizes[size].worth),
    team: teamOf(draw, size, at.before),
    from: Math.max(at.from, start - lead),
    stages,
  };
}

/** How long ago a deal that is open today was made: long enough for a large one to have got somewhere. */
function openDays(size: Size): Range {
  const [, longest] = dealSizes[size].stageDays;
  return size === 'large' ? [2 * longest + 4, 3 * longest] : [5, 3 * longest];
}

/** Nobody puts down a large amount before there was a proposal. */
function isSerious(stages: Unnamed['stages']): boolean {
  return stages.some(([stage]) => stage === 'proposal');
}

/** Stage by stage until it is decided or today is reached. A large deal is lost late; many are signed as a period ends. */
function walk(
  scene: Scene,
  draw: Chance,
  { kind, size, start }: { kind: DealKind; size: Size; start: number },
): [WorldStage, number][] {
  const { path, winRate } = dealCourses[kind];
  const won = draw.flip(winRate);
  const lostAfter = size === 'large' ? path.indexOf('proposal') + 1 : draw.int(1, path.length);
  const steps: readonly WorldStage[] = won ? [...path, 'won'] : [...path.slice(0, lostAfter), 'lost'];
  const walked: [WorldStage, number][] = [];
  let at = start;
  for (const stage of steps) {
    if (stage === 'won') at = signedAt(scene, draw, at);
    if (at >= scene.now - hour) break;
    walked.push([stage, at]);
    at += Math.round(draw.int(...dealSizes[size].stageDays) * day + draw.next() * day);
    const isDecidedNext = steps[walked.length] === steps.at(-1);
    if (isDecidedNext) at += Math.round(draw.int(...dealSizes[size].decisionDays) * day);
  }
  return walked;
}

/** The main buyer stays; of the others some are new each time. */
function teamOf(draw: Chance, size: Size, before: Unnamed | undefined): number[] {
  const wanted = draw.int(...dealSizes[size].buyers);
  const known = Math.max(0, ...(before?.team ?? [0]));
  const others = Array.from({ length: Math.max(wanted - 1, known) }, (_, index) => index + 1);
  return [0, ...draw.shuffled(others).slice(0, wanted - 1)];
}

function pad(number: number): string {
  return String(number).padStart(3, '0');
}
