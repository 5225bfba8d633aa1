/** `as:` and `table:` of one value, compiled into a chain that runs both ways. */
import { z } from 'zod';
import type { FieldKind } from '../../canonical/model.ts';
import type { Json } from '../../support/json.ts';
import { didYouMean } from '../../support/nearest.ts';
import type { ReadContext } from './path.ts';
import { fieldKinds, type TableRef, type Transforms } from './schema.ts';
import type { Scope } from './scope.ts';
import { type Step, transforms } from './transforms.ts';

export interface Chain {
  pull: Step['pull'];
  /** Absent: some step has no way back. */
  readonly push?: (value: Json) => Json | undefined;
  /** Vendor values that the table names. */
  readonly picklist?: readonly string[];
  /** `as: { money: { currency: … } }` names a kind with settings of its own. */
  readonly kind?: { readonly name: FieldKind; readonly settings: unknown };
  /** `as: { jsonata: … }`: where the value comes from instead of the field itself. */
  readonly expression?: string;
}

interface ChainEntry {
  readonly as?: Transforms | undefined;
  readonly table?: TableRef | undefined;
}

interface Named {
  readonly name: string;
  readonly args: unknown;
}

/** `label` names the value in warnings. */
export function compileChain(entry: ChainEntry, label: string, scope: Scope): Chain {
  const named = entriesOf(entry.as);
  const kind = named.find(({ name }) => isFieldKind(name));
  const expression = named.find(({ name }) => name === 'jsonata');
  const steps = named
    .filter((one) => one !== kind && one !== expression)
    .flatMap((one) => compileStep(one, scope.at('as')) ?? []);
  const table = entry.table === undefined ? null : tableOf(entry.table, scope.at('table'));
  const chain = joined(table ? [...steps, tableStep(table, label)] : steps);
  return {
    ...chain,
    ...(table ? { picklist: Object.keys(table) } : {}),
    ...(kind && isFieldKind(kind.name) ? { kind: { name: kind.name, settings: kind.args } } : {}),
    ...(expression ? { expression: declareExpression(expression.args, scope.at('as')) } : {}),
  };
}

function entriesOf(as: Transforms | undefined): Named[] {
  if (as === undefined) return [];
  return [as].flat().flatMap((entry) => {
    if (typeof entry === 'string') return [{ name: entry, args: undefined }];
    return Object.entries(entry).map(([name, args]) => ({ name, args }));
  });
}

function isFieldKind(name: string): name is FieldKind {
  return fieldKinds.some((kind) => kind === name);
}

const transformNames: readonly string[] = [...transforms.keys(), ...fieldKinds, 'jsonata'];

function compileStep({ name, args }: Named, scope: Scope): Step | undefined {
  const make = transforms.get(name);
  if (!make) {
    scope.complain(`There is no transform "${name}".`, didYouMean(name, transformNames));
    return undefined;
  }
  try {
    return make(args, (path) => scope.reader(path));
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const issue = error.issues[0];
    const place = issue && issue.path.length > 0 ? ` ${issue.path.join('.')}` : '';
    scope.complain(
      `The transform "${name}"${place}: ${issue?.message ?? 'wrong setting'}.`,
      'mappings/README.md lists each transform with its settings.',
    );
    return undefined;
  }
}

function joined(steps: readonly Step[]): Pick<Chain, 'pull' | 'push'> {
  const [only] = steps;
  if (only === undefined) return { pull: (value) => value, push: (value) => value };
  if (steps.length === 1) return only;
  const backwards = steps.map((step) => step.push).reverse();
  const pull: Step['pull'] = (value, body, context) =>
    steps.reduce<Json | undefined>(
      (now, step) => (now === undefined || now === null ? now : step.pull(now, body, context)),
      value,
    );
  if (backwards.some((push) => push === undefined)) return { pull };
  return {
    pull,
    push: (value) =>
      backwards.reduce<Json | undefined>((now, push) => (now === undefined ? now : push?.(now)), value),
  };
}

/**
 * Vendor value → canonical value. A value that the table does not know is kept as it is and reported: new
 * options appear in a CRM without asking. Back again the first line with that canonical value counts.
 */
function tableStep(table: Table, label: string): Step {
  const inward = new Map<string, Json>();
  const outward = new Map<string, string>();
  for (const [vendor, canonical] of Object.entries(table)) {
    inward.set(vendor, canonical);
    if (!outward.has(String(canonical))) outward.set(String(canonical), vendor);
  }
  const anyCase = new Map([...inward].map(([vendor, canonical]) => [vendor.toLowerCase(), canonical]));
  return {
    pull: (value, _, context) => {
      const text = String(value);
      return inward.get(text) ?? anyCase.get(text.toLowerCase()) ?? unknown(value, label, context);
    },
    push: (value) => outward.get(String(value)),
  };
}

function unknown(value: Json, label: string, context: ReadContext): Json {
  context.warn(label, `the table has no line for ${JSON.stringify(value)}; it is kept as it is`);
  return value;
}

type Table = Readonly<Record<string, string | number | boolean>>;

function tableOf(ref: TableRef, scope: Scope): Table | null {
  if (typeof ref !== 'string') return ref;
  const { tables } = scope.file.data;
  const table = Object.hasOwn(tables, ref) ? tables[ref] : undefined;
  if (table) return table;
  const known = Object.keys(tables);
  const remedy = known.length > 0 ? didYouMean(ref, known) : 'Add it under `tables:` at the top of the file.';
  scope.complain(`There is no table "${ref}" in this file.`, remedy);
  return null;
}

const expressionArgs = z.union([
  z.string(),
  z.strictObject({ expression: z.string(), reads: z.array(z.string()).default([]) }),
]);

/** The object's expressions are evaluated before all else; returns the name of this one's value. */
function declareExpression(args: unknown, scope: Scope): string {
  const parsed = expressionArgs.safeParse(args);
  if (!parsed.success) {
    scope.complain('`jsonata` wants an expression as text.', "Write { jsonata: '$uppercase(Name)' }.");
    return '';
  }
  const { expression, reads } =
    typeof parsed.data === 'string' ? { expression: parsed.data, reads: [] } : parsed.data;
  for (const path of reads) scope.use(path);
  const name = `${scope.object}.${scope.expressions.length}`;
  scope.expressions.push({ name, text: expression, root: scope.root, line: scope.line });
  return name;
}
