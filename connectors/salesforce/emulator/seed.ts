import type { World } from '../../../src/emulator/world.ts';
import type { Org } from './org.ts';

export function tellWorld(_org: Org, _world: World): void {}
