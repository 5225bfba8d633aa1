import type { CreditLine, CreditTouch, ModelCredit } from '../../src/store/contract/credits.ts';

/** What models gave, made of the lines that are to come out: each line of a model is a touch, and `baseline` none. */
export function byModel(lines: readonly CreditLine[]): ModelCredit[] {
  return [...Map.groupBy(lines, ({ model }) => model)].map(([model, own]) => {
    const touched = own.filter(({ touch }) => touch !== 'baseline');
    const rest = own.find(({ touch }) => touch === 'baseline');
    const { version = '', currency = '' } = own[0] ?? {};
    const given = {
      ...{ version, currency, touches: touched.map(touchOf) },
      shares: touched.map(({ share }) => share),
      minors: touched.map(({ amountMinor }) => amountMinor),
      reason: (index: number) => touched[index]?.reason ?? '',
      baseline: rest
        ? { time: rest.time, share: rest.share, minor: rest.amountMinor, reason: rest.reason }
        : null,
    };
    return { model, given: () => given };
  });
}

function touchOf(line: CreditLine): CreditTouch {
  const { dealId: _deal, model: _model, share: _share, amountMinor: _minor, ...rest } = line;
  const { currency: _currency, reason: _reason, version: _version, ...touch } = rest;
  return touch;
}
