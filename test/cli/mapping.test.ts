import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { directory, hub, hubJson, root } from './hub.ts';

const settings = `
data: data
connections: { hubspot: { connector: hubspot, emulate: empty } }
`;

interface Listed {
  readonly mappings: readonly { file: string; own: boolean; shippedChanged: boolean | null }[];
}

it('reads the shipped mapping until there is a copy, and the copy from then on', async () => {
  const cwd = directory({ 'config/hub.yaml': settings });
  const own = join(cwd, 'config/mappings/hubspot.yaml');
  const before = await hubJson<Listed>(['mapping'], { cwd });
  expect(before.value.mappings).toMatchObject([{ own: false, shippedChanged: null }]);
  expect((await hub(['mapping', 'edit', 'hubspot'], { cwd })).code).toBe(0);
  expect(readFileSync(own, 'utf8')).toContain(readFileSync(join(root, 'mappings/hubspot.yaml'), 'utf8'));
  appendFileSync(own, '\nnonsense: true\n');
  const { code, stderr } = await hub(['status'], { cwd });
  expect(code).toBe(3);
  expect(stderr).toMatch(/config\/mappings\/hubspot\.yaml:\d+: .*nonsense/);
});

it('says when the shipped mapping is another one than the copy was made from', async () => {
  const copied = '# Copied from the shipped mapping 000000000000. Edit freely\nsystem: hubspot\n';
  const cwd = directory({ 'config/hub.yaml': settings, 'config/mappings/hubspot.yaml': copied });
  const { value } = await hubJson<Listed>(['mapping'], { cwd });
  expect(value.mappings).toMatchObject([{ own: true, shippedChanged: true }]);
  expect((await hub(['mapping'], { cwd })).stdout).toContain('the shipped one has changed since');
});

it('never overwrites a copy, and names the systems that there are', async () => {
  const cwd = directory({ 'config/hub.yaml': settings, 'config/mappings/hubspot.yaml': 'system: hubspot\n' });
  const again = await hub(['mapping', 'edit', 'hubspot'], { cwd });
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('There is a mapping of your own already');
  expect(readFileSync(join(cwd, 'config/mappings/hubspot.yaml'), 'utf8')).toBe('system: hubspot\n');
  const wrong = await hub(['mapping', 'edit', 'hubspt'], { cwd });
  expect(wrong.stderr).toContain('Did you mean "hubspot"?');
});

it('goes on reading what an earlier hub kept in `mappings/`', async () => {
  const cwd = directory({
    'config/hub.yaml': settings,
    'mappings/hubspot.yaml': 'system: hubspot\nobjekts: {}\n',
  });
  const { code, stderr } = await hub(['status'], { cwd });
  expect(code).toBe(3);
  expect(stderr).toMatch(/mappings\/hubspot\.yaml:2: .*objekts/);
  expect(existsSync(join(cwd, 'config/mappings'))).toBe(false);
});
