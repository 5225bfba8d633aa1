/** From what an admin wrote to what a connector gets: checked by its schema, or refused with words. */
import { Problem } from '../support/problem.ts';
import { inspect } from '../support/schema.ts';
import type { Connector } from './contract/connector.ts';

/** Throws a `configuration` Problem that names each wrong field and what would be right; no secret in it. */
export function parseConfig<C>(
  connector: Pick<Connector<C>, 'title' | 'config'>,
  connection: string,
  raw: unknown,
): C {
  const found = inspect(connector.config, raw);
  if (found.right) return found.data;
  const lines = found.complaints.map(({ message, remedy }) => [message, remedy ?? []].flat().join(' '));
  throw new Problem('configuration', lines.join('\n'), {
    where: `connection "${connection}" (${connector.title})`,
    remedy: `Correct ${lines.length === 1 ? 'this setting' : 'these settings'} and try again.`,
  });
}
