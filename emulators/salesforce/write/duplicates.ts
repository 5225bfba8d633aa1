/** The org's duplicate rules: a lead or contact with the e-mail address of another one. */
import { SaveFault } from '../errors.ts';
import type { ObjectDef, Row } from '../schema/model.ts';
import type { Writer } from './writer.ts';

const ruled = ['Contact', 'Lead'];

export function refuseDuplicates({ org, allowDuplicates }: Writer, object: ObjectDef, row: Row): void {
  const rule = org.knobs.duplicateRules;
  if (rule === 'off' || !ruled.includes(object.name) || !row.Email) return;
  if (rule === 'alert' && allowDuplicates) return;
  const matches = ruled.flatMap((name) =>
    org
      .table(name)
      .lookup('Email', row.Email ?? null)
      .map((match) => ({ name, match })),
  );
  if (matches.length === 0) return;
  throw new SaveFault('DUPLICATES_DETECTED', 'Use one of these records?', [], {
    duplicateResult: {
      allowSave: rule === 'alert',
      duplicateRule: `Standard_${object.name}_Duplicate_Rule`,
      duplicateRuleEntityType: object.name,
      errorMessage: 'Use one of these records?',
      matchResults: ruled.map((name) =>
        matchResult(
          name,
          matches.filter((one) => one.name === name).map((one) => one.match),
        ),
      ),
    },
  });
}

function matchResult(entityType: string, rows: readonly Row[]): object {
  return {
    entityType,
    errors: [],
    matchEngine: 'FuzzyMatchEngine',
    matchRecords: rows.map((row) => ({
      additionalInformation: [],
      fieldDiffs: [],
      matchConfidence: 100,
      record: { attributes: { type: entityType }, Id: row.Id },
    })),
    rule: `Standard_${entityType}_Match_Rule_v1_1`,
    size: rows.length,
    success: true,
  };
}
