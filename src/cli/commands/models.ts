/** `hub models`: fits of the data-driven models; make, compare, promote, roll back, hold against an experiment. */

import { idOf, wordOf } from '../../attribution/names.ts';
import { creditGroup, dealFilter } from '../../reports/deal-filter.ts';
import { sideBySide } from '../../reports/side-by-side.ts';
import { exitCodes, Problem } from '../../support/problem.ts';
import { attributeMarked } from '../../sync/attribute/attribute.ts';
import { compareFits, storedFit } from '../../sync/fit/compare.ts';
import { chatExperiment } from '../../sync/fit/experiment.ts';
import { outlookOf } from '../../sync/fit/outlook.ts';
import { promote, rollBack } from '../../sync/fit/promotion.ts';
import { refit } from '../../sync/fit/refit.ts';
import type { Hub } from '../../sync/hub.ts';
import type { Cli } from '../command.ts';
import type { Invocation } from '../invocation.ts';
import { fitText, refittedText } from '../text/fit-text.ts';
import { comparisonText, experimentText, fitLine, outlookText } from '../text/models-text.ts';
import { sideBySideCsv, sideBySideText } from '../text/side-by-side.ts';

type Action = (hub: Hub, invocation: Invocation, args: readonly string[]) => Promise<number>;

const actions: Readonly<Record<string, Action>> = {
  list: async (hub, { print }) => {
    const { credit, instead } = await hub.models.current();
    const fits = await hub.store.fits.list();
    print({ credit: { model: credit.id, version: credit.version, instead: instead ?? null }, fits }, () =>
      [
        `Deals are credited by ${credit.title} (${credit.version}).${instead ? ` ${instead}.` : ''}`,
        ...(fits.length === 0 ? ['There is no fit yet: `hub models fit` makes one.'] : fits.map(fitLine)),
      ].join('\n'),
    );
    return exitCodes.done;
  },
  fit: async (hub, { print }) => {
    const models = await refit(hub);
    if (!models)
      throw new Problem('failed', 'Another process is fitting.', { remedy: 'Wait until it is done.' });
    const fits = await Promise.all(models.map(({ version }) => version && hub.store.fits.get(version)));
    print({ models }, () =>
      models.length === 0
        ? 'attribution.models names no model that is fitted.'
        : models.map((one, index) => refittedText(one, fits[index] || null)).join('\n\n'),
    );
    return exitCodes.done;
  },
  compare: async (hub, { print, options }, [from, given]) => {
    if (from === undefined) {
      // After a promotion all deals wait; crediting them is the hub's own work and asks no CRM.
      while ((await attributeMarked(hub)) > 0) hub.signal.throwIfAborted();
      const table = await sideBySide(hub, dealFilter(options), creditGroup(options.by));
      print(table, () => (options.csv === true ? sideBySideCsv(table) : sideBySideText(table)));
      return exitCodes.done;
    }
    const compared = await compareFits(hub, from, named(given, `compare ${from}`));
    print(compared, () => comparisonText(compared));
    return exitCodes.done;
  },
  show: async (hub, { print }, [version]) => {
    const fit = await storedFit(hub, named(version, 'show'));
    print({ fit }, () => fitText(fit));
    return exitCodes.done;
  },
  promote: async (hub, { print, options }, [given]) => {
    const version = named(given, 'promote');
    const { model } = await storedFit(hub, version);
    const outlook = await outlookOf(hub, version);
    if (options.dryRun === true) {
      print({ model, version, ...outlook }, () => outlookText(version, outlook, 'would'));
      return exitCodes.done;
    }
    const marked = await promote(hub, version);
    print({ model, version, marked: marked ?? 0, ...outlook }, () =>
      marked === null ? `${version} credits deals already.` : outlookText(version, outlook, 'will'),
    );
    return exitCodes.done;
  },
  rollback: async (hub, { print }, [given = 'hazard']) => {
    const model = idOf(given);
    const back = await rollBack(hub, model);
    if (!back)
      throw new Problem('usage', `${wordOf(model)} has no promoted fit.`, {
        remedy: '`hub models` lists the fits.',
      });
    print({ model, ...back }, () => {
      const now = back.version === null ? 'has no fit any more' : `is back at ${back.version}`;
      return `${wordOf(model)} ${now}; ${back.marked} deals wait to be credited again. New fits wait for \`hub models promote\`.`;
    });
    return exitCodes.done;
  },
  experiment: async (hub, { print, signal }) => {
    const version = await hub.store.fits.promoted('hazard');
    if (version === null)
      throw new Problem(
        'failed',
        'No fit of the data-driven model is promoted: there is no claim to measure.',
        {
          remedy: 'Make one with `hub models fit`.',
        },
      );
    const experiment = await chatExperiment(hub, await storedFit(hub, version), signal);
    print({ experiment }, () => (experiment ? experimentText(experiment) : noExperiment));
    return exitCodes.done;
  },
};

/** The version that the words on the command line should end with. */
function named(version: string | undefined, words: string): string {
  if (version) return version;
  throw new Problem('usage', 'The version of a fit is missing.', {
    remedy: `Give it: models ${words} <version>. \`hub models\` lists them.`,
  });
}

const noExperiment =
  'No visitor has been held out yet: send `session.started` with `holdout: true` (docs/chat-events.md).';

export const models: Cli = {
  needsConfiguration: true,
  options: {
    '--dry-run': 'promote: only say what would change',
    '--status <status>': 'compare: deals that are won (the default), lost, open or all',
    '--from <date>': 'compare: closed from this date on',
    '--to <date>': 'compare: closed before this date',
    '--by <what>': 'compare: channel (the default), campaign, source, medium, content, topic or bot',
    '--csv': 'compare: for a spreadsheet, money as plain numbers',
  },
  run: (invocation, [name = 'list', ...args]) => {
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (!action)
      throw new Problem('usage', `"${name}" is not something to do with models.`, {
        remedy: `Use one of: ${Object.keys(actions).join(', ')}.`,
      });
    const given = args.filter((arg) => arg !== undefined);
    return invocation.withApp(({ hub }) => action(hub, invocation, given));
  },
};
