/** Deals that no chat can be credited to, for `status` and `check`. */
import { accountPeopleLimit, type WithoutPeople } from '../../store/contract/entities.ts';

export function peopleLines({ deals, ofLargeAccounts }: WithoutPeople): string[] {
  if (deals === 0) return [];
  const which = deals === 1 ? '1 deal' : `${deals} deals`;
  return [
    `No people are tied to ${which}: no chat can be credited there. Give them contacts or contact roles, or an account with people.`,
    ...(ofLargeAccounts === 0
      ? []
      : [
          `  The accounts of ${ofLargeAccounts} of them have more than ${accountPeopleLimit} people, too many for all of them to be meant: these need contacts or contact roles.`,
        ]),
  ];
}
