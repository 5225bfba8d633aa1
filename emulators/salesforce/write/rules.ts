/** What the server does on its own when a record of an object is saved. */
import type { Row } from '../schema/model.ts';
import { completeEvent, completeTask } from './activity.ts';
import { addStatuses, completeInfluence, completeMember, countMember } from './campaign.ts';
import { addRoleOf, keepOnePrimary } from './contact-role.ts';
import { completeOpportunity, keepHistory } from './opportunity.ts';
import {
  checkAssignment,
  checkFieldPermissions,
  checkObjectPermissions,
  checkPermissionSet,
} from './permissions.ts';
import { completeAccount, guardPersonContact, mirrorPerson } from './person-account.ts';
import type { Writer } from './writer.ts';

export interface Rules {
  /** Completes or refuses the record; `given` are the values that the writer named. */
  readonly before?: (row: Row, old: Row | undefined, given: Row, writer: Writer) => void;
  /** Changes other records. */
  readonly after?: readonly ((row: Row, old: Row | undefined, writer: Writer) => void)[];
}

const rules: Readonly<Record<string, Rules>> = {
  Account: { before: completeAccount, after: [mirrorPerson] },
  Campaign: { after: [addStatuses] },
  CampaignInfluence: { before: completeInfluence },
  CampaignMember: { before: completeMember, after: [countMember] },
  Contact: { before: guardPersonContact },
  Event: { before: completeEvent },
  FieldPermissions: { before: checkFieldPermissions },
  ObjectPermissions: { before: checkObjectPermissions },
  Opportunity: { before: completeOpportunity, after: [keepHistory, addRoleOf] },
  OpportunityContactRole: { after: [keepOnePrimary] },
  PermissionSet: { before: checkPermissionSet },
  PermissionSetAssignment: { before: checkAssignment },
  Task: { before: completeTask },
};

export function rulesOf(object: string): Rules {
  return rules[object] ?? {};
}
