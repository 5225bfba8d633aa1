/** Credit that comes from data goes nowhere without its interval, the number of won deals, and the fit's version. */
import { wordOf } from '../../attribution/names.ts';
import type { CompiledMapping, CompiledObject } from '../../mapping/language/compiled.ts';
import type { AttributionSettings } from '../../settings/attribution.ts';
import { Problem } from '../../support/problem.ts';
import { wantedKinds } from '../attribute/models.ts';

interface Demand {
  /** Who writes one of these … */
  readonly numbers: readonly string[];
  /** … writes one of these sets, too. The reason has all of it in words. */
  readonly evidence: readonly (readonly string[])[];
}

const ofDeals = ['interval.low', 'interval.high', 'n', 'version'].map((name) => `chatCredit.${name}`);

const demands: Readonly<Record<string, Demand>> = {
  Deal: {
    numbers: ['chatCredit.share', 'chatCredit.amount'],
    evidence: [['chatCredit.reason'], ofDeals],
  },
  ChatTouch: { numbers: ['share', 'amount'], evidence: [['reason']] },
};

/** What is wrong with the mappings as long as the written credit may come from data. */
export function missingEvidence(
  mappings: readonly CompiledMapping[],
  { creditModel, models }: Pick<AttributionSettings, 'creditModel' | 'models'>,
): Problem[] {
  if (!wantedKinds({ models }).some(({ id }) => id === creditModel)) return [];
  return mappings.flatMap(({ objects, file }) =>
    Object.values(objects).flatMap((object) => {
      const line = lineWithout(object);
      return line === null ? [] : [problemOf(object, `${file}:${line}`, creditModel)];
    }),
  );
}

/** Where a number is written whose evidence is not. */
function lineWithout({ entity, fields }: CompiledObject): number | null {
  const demand = entity === null ? undefined : demands[entity];
  if (!demand) return null;
  const written = fields.filter(({ pushes }) => pushes);
  const has = (name: string) => written.some(({ canonical }) => canonical === name);
  const number = written.find(({ canonical }) => demand.numbers.includes(canonical));
  const told = demand.evidence.some((names) => names.every(has));
  return number && !told ? number.line : null;
}

function problemOf({ object, entity }: CompiledObject, where: string, model: string): Problem {
  const sets = demands[entity ?? '']?.evidence.map((names) => names.join(', ')) ?? [];
  return new Problem(
    'configuration',
    `${object} gets credit of "${wordOf(model)}", which comes from data, without its interval, n and version.`,
    {
      where,
      remedy: `Map ${sets.join(', or ')} as well, or choose a rule as attribution.creditModel.`,
    },
  );
}
