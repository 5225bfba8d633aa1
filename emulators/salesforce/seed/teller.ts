/** How a fact of the world becomes a record: under the id that all emulators know, with its own times. */
import { worldSalesforceId } from '../../world/ids.ts';
import type { World, WorldCompany, WorldPerson } from '../../world/world.ts';
import type { Org } from '../org.ts';
import type { ObjectDef, Row } from '../schema/model.ts';
import { wireTime } from '../time.ts';
import { plant } from '../write/save.ts';
import { screenWriter, type Writer } from '../write/writer.ts';

export interface Telling {
  /** Ms. */
  readonly createdAt: number;
  /** Last change that a user sees; absent: never changed. */
  readonly modifiedAt?: number;
  readonly ownerKey?: string;
}

export class Teller {
  readonly org: Org;
  readonly world: World;
  readonly #companies: ReadonlyMap<string, WorldCompany>;
  readonly #people: ReadonlyMap<string, WorldPerson>;

  constructor(org: Org, world: World) {
    this.org = org;
    this.world = world;
    this.#companies = new Map(world.companies.map((company) => [company.key, company]));
    this.#people = new Map(world.people.map((person) => [person.key, person]));
  }

  id(object: string, key: string): string {
    return worldSalesforceId(this.object(object).keyPrefix, key);
  }

  object(name: string): ObjectDef {
    return this.org.catalog.object(name) as ObjectDef;
  }

  company(key: string | null): WorldCompany | undefined {
    return key === null ? undefined : this.#companies.get(key);
  }

  person(key: string): WorldPerson | undefined {
    return this.#people.get(key);
  }

  writer(at: number, ownerKey?: string): Writer {
    const userId = ownerKey === undefined ? this.org.humanUserId : this.id('User', ownerKey);
    return screenWriter(this.org, userId, at);
  }

  put(name: string, key: string, values: Row, { createdAt, modifiedAt, ownerKey }: Telling): Row {
    const object = this.object(name);
    const owner = ownerKey === undefined || !object.fields.some((field) => field.name === 'OwnerId');
    const owned = owner ? {} : { OwnerId: this.id('User', ownerKey) };
    const row = plant(this.writer(createdAt, ownerKey), object, {
      Id: this.id(name, key),
      ...owned,
      ...values,
    });
    return this.touch(name, row, modifiedAt ?? createdAt);
  }

  /** Moves the stamps, if that is forward. */
  touch(name: string, row: Row, at: number): Row {
    const stamp = wireTime(at);
    if (stamp <= String(row.SystemModstamp)) return row;
    return this.org.table(name).change(row, { LastModifiedDate: stamp, SystemModstamp: stamp });
  }
}
