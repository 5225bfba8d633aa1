/** Where there is no configuration: what writes or keeps something refuses, and what only looks says that it is the demo. */
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { directory, hub, hubJson } from './hub.ts';

/** They look, or need no hub at all. */
const harmless = [
  ...['check', 'plan', 'deal', 'status', 'suggest', 'record', 'mapping', 'preview'],
  ...['init', 'attribute', 'simulate', 'emulate', 'replay', 'demo'],
];

describe('without a configuration', () => {
  it('no command takes the demo for a hub that is to keep something', async () => {
    const all = await Promise.all(
      commands.map(async ({ usage, load }) => ({ name: usage.split(' ')[0], cli: await load() })),
    );
    const refusing = all.filter(({ cli }) => cli.needsConfiguration).map(({ name }) => name);
    const others = all.map(({ name }) => name).filter((name) => !refusing.includes(name));
    expect(others.sort()).toEqual(harmless.sort());
  });

  it('`push` says what to do: exit code 3', async () => {
    const { code, stdout, stderr } = await hub(['push'], { cwd: directory() });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('npm run hub -- init');
  });

  it('`status` says to people and to programs that it shows the demo', async () => {
    const { code, value, stderr } = await hubJson<{ demo: boolean }>(['status'], { cwd: directory() });
    expect([code, value.demo]).toEqual([0, true]);
    expect(stderr).toContain('this is the demo on stand-ins of the vendors');
  });
});
