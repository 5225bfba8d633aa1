/** The settings of what is a touch, as the rule that deals and fits share. */
import { leaveOutRule } from '../../journey/left-out.ts';
import type { TouchRules } from '../../journey/touches.ts';
import type { AttributionSettings } from '../../settings/attribution.ts';
import type { Settings } from '../../settings/schema.ts';
import { didYouMean } from '../../support/nearest.ts';
import type { WrongName } from './models.ts';

const made = new WeakMap<AttributionSettings, TouchRules>();

export function touchRules({ attribution }: Pick<Settings, 'attribution'>): TouchRules {
  const known = made.get(attribution);
  if (known) return known;
  const { visitMinutes, salesTouches, leaveOut, chat } = attribution;
  const rules: TouchRules = {
    ...{ visitMinutes, salesTouches, leaveOut: leaveOutRule(leaveOut) },
    isChatbot: (connection) => chat?.includes(connection) ?? true,
  };
  made.set(attribution, rules);
  return rules;
}

/** Connections that `attribution.chat` names and that there are not. */
export function wrongChats({ attribution, connections }: Settings): WrongName[] {
  const known = Object.keys(connections);
  return (attribution.chat ?? []).flatMap((name, index) =>
    known.includes(name)
      ? []
      : [
          {
            path: ['chat', String(index)],
            message: `there is no connection "${name}".`,
            remedy: didYouMean(name, known),
          },
        ],
  );
}
