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
}

/** Sales people: owners of records. */
export interface WorldUser {
  readonly key: string;
  readonly name: string;
  readonly email: string;
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
  readonly hubspot?: { readonly lifecycle: string };
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

/** A person answered a campaign (Salesforce campaign member, HubSpot form submission). */
export interface WorldResponse {
  readonly key: string;
  readonly campaignKey: string;
  readonly personKey: string;
  readonly at: number;
  readonly responded: boolean;
  /** Page on which a form was sent, with UTM in its query; null when it was no form. */
  readonly pageUrl: string | null;
}

export interface WorldDeal {
  readonly key: string;
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

export interface WorldActivity {
  readonly key: string;
  readonly kind: 'call' | 'meeting' | 'email' | 'task';
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
