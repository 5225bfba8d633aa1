/** Mapping files against each other and against the CRMs, as an admin hears of it. */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { directory, hub, hubJson, root } from './hub.ts';

const shipped = (system: string) => readFileSync(join(root, 'mappings', `${system}.yaml`), 'utf8');
const lineOf = (text: string, words: string) =>
  text.split('\n').findIndex((line) => line.includes(words)) + 1;

/** A hub on empty stand-ins of these systems, with the shipped mappings but for those given. */
function home(systems: readonly string[], mappings: Readonly<Record<string, string>> = {}): string {
  const connections = systems.map((system) => `  ${system}: { connector: ${system}, emulate: empty }`);
  const path = directory();
  cpSync(join(root, 'mappings'), join(path, 'mappings'), { recursive: true });
  const given = directory({
    'config/hub.yaml': `data: temporary\nlog: warn\nconnections:\n${connections.join('\n')}\n`,
    ...Object.fromEntries(
      Object.entries(mappings).map(([system, text]) => [`mappings/${system}.yaml`, text]),
    ),
  });
  cpSync(given, path, { recursive: true });
  return path;
}

describe('mapping files that disagree', () => {
  const hubspot = shipped('hubspot').replace('prefer salesforce unless blank', 'prefer hubspot unless blank');
  const wrong = home.bind(null, ['salesforce', 'hubspot', 'chatbot'], { hubspot });

  it.each([['status'], ['check'], ['serve']])('stop `%s` with both places: exit code 3', async (command) => {
    const { code, stderr, stdout } = await hub([command], { cwd: wrong() });
    expect([code, stdout]).toEqual([3, '']);
    const line = lineOf(hubspot, 'prefer hubspot unless blank');
    expect(stderr).toMatch(
      new RegExp(`^mappings/hubspot\\.yaml:${line}: Person\\.\\w+ is "prefer hubspot`, 'm'),
    );
    expect(stderr).toMatch(
      /"prefer salesforce unless blank" in mappings\/salesforce\.yaml:\d+\. Let one system own/,
    );
  });
});

describe('the shipped mappings', () => {
  it.each([['salesforce'], ['hubspot'], ['chatbot']])('do for %s alone', async (system) => {
    const { code, stderr } = await hub(['status'], { cwd: home([system]) });
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('check against the CRM', () => {
  it('names a field that is not there with its line and a near match: exit code 3', async () => {
    const salesforce = shipped('salesforce').replace('field: Phone,', 'field: Phnoe,');
    const hubspot = shipped('hubspot').replace('field: jobtitle,', 'field: jobtitel,');
    expect([salesforce, hubspot]).not.toContain(shipped('hubspot'));
    const cwd = home(['salesforce', 'hubspot'], { salesforce, hubspot });
    const { code, value } = await hubJson<{ findings: { mapping: string[] }[] }>(['check'], { cwd });
    expect(code).toBe(3);
    const said = value.findings.flatMap(({ mapping }) => mapping);
    const phnoe = lineOf(salesforce, 'field: Phnoe,');
    const titel = lineOf(hubspot, 'field: jobtitel,');
    expect(said).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          new RegExp(`^mappings/salesforce\\.yaml:${phnoe}: \\w+ has no field "Phnoe".*Did you mean "Phone"`),
        ),
        expect.stringMatching(
          new RegExp(
            `^mappings/hubspot\\.yaml:${titel}: contacts has no field "jobtitel".*Did you mean "jobtitle"`,
          ),
        ),
      ]),
    );
  });
});
