/** Whether the account, the mapping file and the hub's configuration agree on country and currency. */
import { Problem } from '../../support/problem.ts';
import type { CompiledMapping } from '../language/compiled.ts';

export interface SaidElsewhere {
  /** The account's own currency; null: it does not say. */
  readonly own: string | null;
  /** Of `config/hub.yaml`. */
  readonly country?: string | undefined;
  readonly currency?: string | undefined;
}

/** Each with which of the two counts. */
export function disagreements({ file, defaults }: CompiledMapping, elsewhere: SaidElsewhere): Problem[] {
  const { own, country, currency } = elsewhere;
  const here = `${file}:${defaults.line}`;
  const note = (message: string, remedy: string) =>
    new Problem('configuration', message, { where: here, remedy });
  const problems: Problem[] = [];
  const named = defaults.currency ?? currency;
  if (own !== null && named !== undefined && own !== named) {
    const who = defaults.currency === undefined ? 'config/hub.yaml' : 'The file';
    const message = `${who} says ${named} for amounts without a currency, the account itself is in ${own}, and that counts.`;
    problems.push(
      note(
        message,
        'Give the field a currency of its own (`money: { currency: … }`) if the account is wrong.',
      ),
    );
  }
  if (own === null && differ(defaults.currency, currency)) {
    const message = `The file says ${defaults.currency} for amounts without a currency, config/hub.yaml says ${currency}; the file counts.`;
    problems.push(note(message, 'Take one of the two out.'));
  }
  if (differ(defaults.country, country)) {
    const message = `The file says ${defaults.country} for phone numbers without a country, config/hub.yaml says ${country}; the file counts.`;
    problems.push(note(message, 'Take one of the two out.'));
  }
  return problems;
}

function differ(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}
