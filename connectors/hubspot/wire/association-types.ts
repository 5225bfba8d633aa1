/**
 * HubSpot's own association types between the objects that the hub ties together. Numbers from the SDK's
 * `AssociationTypes`; names as the list endpoints give them. `usual` is what ties two records without a label.
 */
export interface AssociationType {
  readonly typeId: number;
  readonly from: string;
  readonly to: string;
  readonly name: string;
  readonly usual: boolean;
}

export const associationTypes: readonly AssociationType[] = [
  { typeId: 3, from: 'deals', to: 'contacts', name: 'deal_to_contact', usual: true },
  { typeId: 4, from: 'contacts', to: 'deals', name: 'contact_to_deal', usual: true },
  { typeId: 5, from: 'deals', to: 'companies', name: 'deal_to_company', usual: false },
  { typeId: 341, from: 'deals', to: 'companies', name: 'deal_to_company_unlabeled', usual: true },
  { typeId: 6, from: 'companies', to: 'deals', name: 'company_to_deal', usual: false },
  { typeId: 342, from: 'companies', to: 'deals', name: 'company_to_deal_unlabeled', usual: true },
  { typeId: 1, from: 'contacts', to: 'companies', name: 'contact_to_company', usual: false },
  { typeId: 279, from: 'contacts', to: 'companies', name: 'contact_to_company_unlabeled', usual: true },
  { typeId: 2, from: 'companies', to: 'contacts', name: 'company_to_contact', usual: false },
  { typeId: 280, from: 'companies', to: 'contacts', name: 'company_to_contact_unlabeled', usual: true },
  { typeId: 16, from: 'tickets', to: 'contacts', name: 'ticket_to_contact', usual: true },
  { typeId: 15, from: 'contacts', to: 'tickets', name: 'contact_to_ticket', usual: true },
  { typeId: 26, from: 'tickets', to: 'companies', name: 'ticket_to_company', usual: false },
  { typeId: 194, from: 'calls', to: 'contacts', name: 'call_to_contact', usual: true },
  { typeId: 200, from: 'meetings', to: 'contacts', name: 'meeting_event_to_contact', usual: true },
  { typeId: 198, from: 'emails', to: 'contacts', name: 'email_to_contact', usual: true },
  { typeId: 339, from: 'tickets', to: 'companies', name: 'ticket_to_company_unlabeled', usual: true },
];
