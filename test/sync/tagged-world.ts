/**
 * A world of random edits in which no two records ever say the same by themselves: a record that has what was said
 * first in another of its system has it of the hub. Only names, addresses and one phone number are shared, so that
 * records meet.
 */
import fc from 'fast-check';
import type { JsonObject } from '../../src/support/json.ts';
import { Problem } from '../../src/support/problem.ts';
import { decide } from '../../src/sync/resolve/decide.ts';
import type { TestHub } from './hub.ts';

const objects = ['Lead', 'Contact', 'contacts'] as const;
type PersonObject = (typeof objects)[number];

/** Vendor's names of what is said, alike in every object. */
const told: Readonly<Record<PersonObject, readonly string[]>> = {
  Lead: ['Phone', 'MobilePhone', 'Title', 'City'],
  Contact: ['Phone', 'MobilePhone', 'Title', 'MailingCity'],
  contacts: ['phone', 'mobilephone', 'jobtitle', 'city'],
};
const phone = 0;

/** Few, so that records meet by them. Names that may be one person's, and one that may not. */
const addresses = ['berg@x.example', 'a.berg@x.example', 'info@x.example'];
const names = [
  ['', 'Berg'],
  ['Anna', 'Berg'],
  ['A.', 'Berg'],
  ['Tom', 'Berg'],
  ['Uwe', 'Lenz'],
] as const;
const commonPhone = '+12125550001';

type Drawn<From> = From extends fc.Arbitrary<infer Value> ? Value : never;

const any = fc.nat({ max: 1_000 });
const anyField = fc.nat({ max: 3 });
const anyAddress = fc.option(fc.constantFrom(...addresses), { freq: 6 });
const anyName = fc.constantFrom(...names);
const someFields = fc.uniqueArray(anyField, { maxLength: 3 });

const anyAddition = fc.record({
  does: fc.constant('add' as const),
  object: fc.constantFrom(...objects),
  /** Of leads: it became one of the contacts that there are. */
  isConverted: fc.boolean(),
  address: anyAddress,
  name: anyName,
  says: someFields,
  hasCommonPhone: fc.boolean(),
  of: any,
});
type Addition = Drawn<typeof anyAddition>;

const anyChat = fc.record({
  does: fc.constant('chat' as const),
  address: anyAddress,
  name: anyName,
  user: fc.option(fc.constantFrom('u1', 'u2')),
  visitor: fc.constantFrom('v1', 'v2', 'v3'),
  tellsPhone: fc.boolean(),
});
type Chat = Drawn<typeof anyChat>;

/** `of`, `and`: counted among the records that are there then. */
const anyEdit = fc.oneof(
  { weight: 3, arbitrary: anyAddition },
  { weight: 2, arbitrary: anyChat },
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('say' as const), of: any, field: anyField }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('blank' as const), of: any, field: anyField }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('move' as const), of: any, address: anyAddress }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('rename' as const), of: any, name: anyName }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('remove' as const), of: any }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('merge' as const), of: any, and: any }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('decide' as const),
      verdict: fc.constantFrom('same' as const, 'different' as const, 'undecided' as const),
      of: any,
      and: any,
    }),
  },
);
type Edit = Drawn<typeof anyEdit>;

export interface Round {
  readonly edits: readonly Edit[];
  /** Whether the next edits come only when nothing is news and nothing is written. */
  readonly isAwaited: boolean;
}

export interface Course {
  readonly first: readonly (Addition | Chat)[];
  readonly rounds: readonly Round[];
}

export const anyCourse: fc.Arbitrary<Course> = fc.record({
  first: fc.array(fc.oneof({ weight: 4, arbitrary: anyAddition }, { weight: 1, arbitrary: anyChat }), {
    minLength: 4,
    maxLength: 8,
  }),
  rounds: fc.array(
    fc.record({ edits: fc.array(anyEdit, { minLength: 1, maxLength: 4 }), isAwaited: fc.boolean() }),
    { minLength: 2, maxLength: 5 },
  ),
});

interface Person {
  readonly object: PersonObject;
  readonly id: string;
}

/** Of a value: where it was said first. */
interface Birth {
  readonly system: string;
  readonly record: string;
}

const systemOf = (object: PersonObject) => (object === 'contacts' ? 'hubspot' : 'salesforce');
const textOf = ({ object, id }: Person) => `${object} ${id}`;

export class TaggedWorld {
  readonly #hub: TestHub;
  readonly #births = new Map<string, Birth>();
  /** Record → what it was merged into. */
  readonly #mergedInto = new Map<string, string>();
  #count = 0;

  constructor(hub: TestHub) {
    this.#hub = hub;
  }

  async make(edit: Edit): Promise<void> {
    if (edit.does === 'add') return this.#add(edit);
    if (edit.does === 'chat') return this.#chat(edit);
    const person = this.#pick(edit.of);
    if (person === undefined) return;
    const field = told[person.object]['field' in edit ? edit.field : 0] ?? '';
    switch (edit.does) {
      case 'say':
        return this.#update(person, { [field]: this.#born(this.#unborn(field), person) });
      case 'blank':
        return this.#update(person, { [field]: blankIn(person) });
      case 'move':
        return this.#update(person, this.#addressed(person.object, edit.address));
      case 'rename':
        return this.#update(person, named(person.object, edit.name));
      case 'remove':
        return this.#records(person.object).remove(person.object, person.id);
      case 'merge':
        return this.#merge(person, edit.and);
      case 'decide':
        return this.#decide(edit.verdict, person, this.#pick(edit.and));
    }
  }

  /** What stands in a record and was said first in another of the same system. */
  strays(): string[] {
    return this.#people().flatMap((person) => {
      const row = this.#records(person.object).get(person.object, person.id) ?? {};
      return told[person.object].flatMap((field) => {
        const birth = this.#births.get(String(row[field]));
        if (birth === undefined || birth.system !== systemOf(person.object)) return [];
        if (this.#now(birth.record) === textOf(person)) return [];
        return [`${textOf(person)} has ${field} ${String(row[field])} of ${birth.record}`];
      });
    });
  }

  #records(object: PersonObject) {
    return this.#hub.emulator(systemOf(object)).records;
  }

  #people(): Person[] {
    return objects.flatMap((object) =>
      this.#records(object)
        .all(object)
        .map((row): Person => ({ object, id: String(row[object === 'contacts' ? 'id' : 'Id']) })),
    );
  }

  #pick(index: number, among: readonly Person[] = this.#people()): Person | undefined {
    return among[index % Math.max(1, among.length)];
  }

  #add({ object, isConverted, address, name, says, hasCommonPhone, of }: Addition): void {
    const contact = this.#pick(
      of,
      this.#people().filter((person) => person.object === 'Contact'),
    );
    const converted =
      object === 'Lead' && isConverted && contact !== undefined
        ? { IsConverted: true, ConvertedContactId: contact.id }
        : {};
    const own = says.map((index) => told[object][index] ?? '').map((field) => [field, this.#unborn(field)]);
    const fields: JsonObject = {
      ...this.#addressed(object, address),
      ...named(object, name),
      ...(object === 'Lead' ? { Company: 'X' } : {}),
      ...(hasCommonPhone ? { [told[object][phone] ?? '']: commonPhone } : {}),
      ...Object.fromEntries(own),
    };
    const id = this.#records(object).create(object, { ...fields, ...converted });
    for (const [, value = ''] of own) this.#born(value, { object, id });
  }

  #chat({ address, name: [firstName, lastName], user, visitor, tellsPhone }: Chat): void {
    const { records } = this.#hub.emulator('chatbot');
    this.#count += 1;
    const where = {
      sessionId: `s${this.#count}`,
      visitorId: visitor,
      ...(user === null ? {} : { userId: user }),
    };
    records.create('event', { type: 'session.started', ...where, landingPage: 'https://www.x.example/' });
    const said = { firstName, lastName, ...(address === null ? {} : { email: address }) };
    const number = tellsPhone ? { phone: this.#unborn('phone') } : {};
    records.create('event', { type: 'identified', ...where, ...said, ...number });
  }

  #update({ object, id }: Person, fields: JsonObject): void {
    attempt(() => this.#records(object).update(object, id, fields));
  }

  #merge(winner: Person, and: number): void {
    const others = this.#people().filter(({ object, id }) => object === winner.object && id !== winner.id);
    const loser = this.#pick(and, others);
    if (loser === undefined) return;
    attempt(() => {
      const id = this.#records(winner.object).merge?.(winner.object, winner.id, loser.id) ?? '';
      const left = textOf({ object: winner.object, id });
      for (const gone of [winner, loser].map(textOf)) if (gone !== left) this.#mergedInto.set(gone, left);
    });
  }

  async #decide(verdict: 'same' | 'different' | 'undecided', one: Person, other: Person | undefined) {
    const ref = ({ object, id }: Person) => `${systemOf(object)}|${object}|${id}`;
    if (other === undefined || ref(one) === ref(other)) return;
    await decide(this.#hub.hub, verdict, ref(one), ref(other)).catch(refused);
  }

  #born(value: string, { object, id }: Person): string {
    this.#births.set(value, { system: systemOf(object), record: textOf({ object, id }) });
    return value;
  }

  #unborn(field: string): string {
    this.#count += 1;
    return /phone/i.test(field) ? `+1212555${2_000 + this.#count}` : `${field} ${this.#count}`;
  }

  /** HubSpot gives an address to one contact alone. */
  #addressed(object: PersonObject, address: string | null): JsonObject {
    if (object !== 'contacts') return { Email: address };
    const isTaken = this.#records(object)
      .all(object)
      .some(({ email, hs_additional_emails }) =>
        `${email};${hs_additional_emails}`.split(';').includes(address ?? ''),
      );
    return { email: isTaken || address === null ? '' : address };
  }

  #now(record: string): string {
    const next = this.#mergedInto.get(record);
    return next === undefined ? record : this.#now(next);
  }
}

const blankIn = ({ object }: Person) => (object === 'contacts' ? '' : null);

function named(object: PersonObject, [first, last]: readonly [string, string]): JsonObject {
  if (object === 'contacts') return { firstname: first, lastname: last };
  return { FirstName: first === '' ? null : first, LastName: last };
}

/** What a screen would refuse (a converted lead, say) or a word that contradicts another changes nothing. */
function attempt(change: () => void): void {
  try {
    change();
  } catch (error) {
    refused(error);
  }
}

function refused(error: unknown): void {
  if (!(error instanceof Problem)) throw error;
}
