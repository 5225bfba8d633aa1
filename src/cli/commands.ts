/** All commands, in the order in which the help lists them. */
import { attribute } from './attribute.ts';
import { check } from './check.ts';
import { db } from './db.ts';
import { deal } from './deal.ts';
import { demo } from './demo.ts';
import { emulate } from './emulate.ts';
import { importFile } from './import.ts';
import { init } from './init.ts';
import type { Cli } from './invocation.ts';
import { parked } from './parked.ts';
import { plan } from './plan.ts';
import { provision } from './provision.ts';
import { push } from './push.ts';
import { serve } from './serve.ts';
import { simulate } from './simulate.ts';
import { status } from './status.ts';
import { sync } from './sync.ts';
import { work } from './work.ts';

export const commands: readonly Cli[] = [
  init,
  check,
  serve,
  sync,
  plan,
  push,
  provision,
  deal,
  status,
  parked,
  work,
  importFile,
  attribute,
  simulate,
  emulate,
  db,
  demo,
];
