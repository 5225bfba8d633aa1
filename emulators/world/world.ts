/**
 * The seeded world: one story, told by every emulator in its own words. Plain facts, no vendor's field names,
 * so that each emulator says them independently. `build.ts` makes it; the same seed makes the same world.
 * A fact names the systems that know it, and may be told differently there (`told`).
 */
export type WorldSystem = 'salesforce' | 'hubspot';

export interface World {
  readonly seed: number;
  /** The world's "today", ms: nothing happens after it. */
  readonly now: number;
  readonly users: readonly WorldUser[];
  readonly companies: readonly WorldCompany[];
  readonly people: readonly WorldPerson[];
  readonly campaigns: readonly WorldCampaign[];
  readonly responses: readonly WorldResponse[];
  readonly deals: readonly WorldDeal[];
  readonly activities: readonly WorldActivity[];
  readonly conversations: readonly WorldConversation[];
  readonly tickets: readonly WorldTicket[];
  readonly visits: readonly WorldVisit[];
  readonly mailings: readonly WorldMailing[];
}

/** Owners of records: who wins customers, and who looks after them. */
export interface WorldUser {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  readonly role: 'sales' | 'account manager';
}

export interface WorldCompany {
  readonly key: string;
  readonly name: string;
  readonly domain: string;
  readonly industry: string;
  readonly employees: number;
  readonly country: string;
  readonly phone: string | null;
  readonly createdAt: number;
  readonly ownerKey: string;
  /** Who looks after it once it is a customer. */
  readonly managerKey: string;
  /** A customer already when the story begins. */
  readonly customer: boolean;
  readonly in: readonly WorldSystem[];
}

export interface PersonFacts {
  readonly email: string | null;
  readonly firstName: string | null;
  readonly lastName: string;
  readonly phone: string | null;
  readonly title: string | null;
  readonly city: string | null;
  readonly country: string | null;
}

export interface WorldPerson extends PersonFacts {
  readonly key: string;
  readonly companyKey: string | null;
  readonly ownerKey: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /**
   * Absent: not in Salesforce; when `hubspot` is absent too, the person is known from chat alone.
   * A converted lead is told as lead and contact (and deal, when it made one).
   */
  readonly salesforce?: {
    readonly as: 'lead' | 'contact' | 'convertedLead';
    readonly convertedAt?: number;
    readonly dealKey?: string;
    readonly status?: string;
    readonly optedOut?: boolean;
  };
  /** `since`: when the person came to that lifecycle stage; absent: with the record. */
  readonly hubspot?: { readonly lifecycle: string; readonly since?: number };
  /** How one system tells it otherwise (conflicting phone, blank title), with the time of that change. */
  readonly told?: Readonly<Partial<Record<WorldSystem, Partial<PersonFacts> & { readonly at: number }>>>;
  /** The person's records in that system are deleted at this time (told as a tombstone). */
  readonly deleted?: Readonly<Partial<Record<WorldSystem, number>>>;
  /** This person's record in that system was merged into another person's, same human being. */
  readonly mergedInto?: { readonly system: WorldSystem; readonly personKey: string; readonly at: number };
  readonly utm?: WorldUtm;
}

export interface WorldUtm {
  readonly source: string;
  readonly medium: string;
  readonly campaign?: string;
  readonly term?: string;
  readonly content?: string;
}

export interface WorldCampaign {
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly costMinor: number;
  readonly utmCampaign: string;
  readonly in: readonly WorldSystem[];
}

/** A person answered a campaign, or sent a form of the site. A form is in HubSpot, a campaign member in Salesforce. */
export interface WorldResponse {
  readonly key: string;
  /** Null: nothing but the site brought the person. */
  readonly campaignKey: string | null;
  readonly personKey: string;
  readonly at: number;
  readonly responded: boolean;
  /** Name of the form; null when it was none. */
  readonly form: string | null;
  /** Page on which the form was sent, with UTM in its query; null when it was no form. */
  readonly pageUrl: string | null;
}

export type DealKind = 'new business' | 'expansion' | 'renewal';

export interface WorldDeal {
  readonly key: string;
  readonly kind: DealKind;
  readonly name: string;
  readonly companyKey: string;
  readonly ownerKey: string;
  /** First one is primary. */
  readonly people: readonly { readonly personKey: string; readonly role: string }[];
  readonly amountMinor: number;
  readonly currency: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly closeDate: string;
  /** Oldest first; the last one is the present stage. Neutral names; each CRM has its own labels for them. */
  readonly stages: readonly { readonly stage: WorldStage; readonly at: number }[];
  readonly in: readonly WorldSystem[];
  /** The deal is in both systems and HubSpot holds the Salesforce id in a cross-reference property. */
  readonly crossReferenced?: boolean;
  readonly deleted?: Readonly<Partial<Record<WorldSystem, number>>>;
  readonly lostReason?: string;
}

export type WorldStage = 'prospecting' | 'qualified' | 'proposal' | 'negotiation' | 'won' | 'lost';

/** What one of the users did with a person. */
export interface WorldActivity {
  readonly key: string;
  readonly kind: 'call' | 'meeting' | 'email' | 'task';
  readonly ownerKey: string;
  readonly personKey: string;
  readonly dealKey: string | null;
  readonly subject: string;
  readonly at: number;
  readonly system: WorldSystem;
}

/** One chat session. Anonymous while `identifiedAs` is null; the visitor id ties it to later, named ones. */
export interface WorldConversation {
  readonly key: string;
  readonly visitorId: string;
  readonly personKey: string | null;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly landingPage: string;
  readonly referrer: string | null;
  readonly language: string;
  readonly topic: string;
  readonly messages: readonly {
    readonly at: number;
    readonly from: 'visitor' | 'bot';
    readonly text: string;
  }[];
  readonly identifiedAs: {
    readonly at: number;
    readonly email: string;
    readonly name: string;
    readonly phone?: string;
    readonly company?: string;
  } | null;
  readonly intents: readonly { readonly at: number; readonly name: string; readonly confidence: number }[];
  readonly fallbacks: readonly number[];
  readonly goal: { readonly at: number; readonly name: string } | null;
  readonly handedOffAt: number | null;
  readonly rating: { readonly at: number; readonly score: number } | null;
}

/** A customer's question to support. HubSpot holds it where it knows the person. */
export interface WorldTicket {
  readonly key: string;
  readonly personKey: string;
  readonly companyKey: string;
  readonly ownerKey: string;
  readonly subject: string;
  readonly priority: 'low' | 'medium' | 'high';
  /** How it came in; of one that began in the chat, the conversation. */
  readonly source: 'email' | 'form' | 'chat';
  readonly conversationKey: string | null;
  readonly createdAt: number;
  /** Null: still open. */
  readonly solvedAt: number | null;
}

/** One visit to the site from one browser; whose it is, the site itself does not know. */
export interface WorldVisit {
  readonly key: string;
  readonly visitorId: string;
  readonly personKey: string | null;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly referrer: string | null;
  /** Oldest first; the first one is where the visit began, with UTM in its query. */
  readonly pages: readonly { readonly at: number; readonly url: string }[];
}

/** A campaign's mail to one person, and what became of it. */
export interface WorldMailing {
  readonly key: string;
  readonly campaignKey: string;
  readonly personKey: string;
  readonly subject: string;
  readonly sentAt: number;
  readonly openedAt: number | null;
  readonly clickedAt: number | null;
}
