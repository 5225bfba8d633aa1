import { describe, expect, it } from 'vitest';
import {
  directions,
  parseRule,
  ruleSystem,
  ruleText,
  ruleWords,
  withSystem,
} from '../../src/mapping/language/words.ts';

describe('rules in words', () => {
  it.each([
    ['two-way', { kind: 'two-way' }],
    ['Two-Way, prefer Salesforce', { kind: 'two-way', prefer: 'salesforce' }],
    ['two way prefer hubspot', { kind: 'two-way', prefer: 'hubspot' }],
    ['always-use hubspot', { kind: 'always-use', system: 'hubspot' }],
    ['Always use Salesforce', { kind: 'always-use', system: 'salesforce' }],
    ['prefer salesforce unless blank', { kind: 'prefer-unless-blank', system: 'salesforce' }],
    ['pull only', { kind: 'pull-only' }],
    ['pull-only', { kind: 'pull-only' }],
    ['pull only if blank', { kind: 'pull-only', ifBlank: true }],
    ['push only', { kind: 'push-only' }],
    ["don't sync", { kind: 'off' }],
    ['Don’t  sync', { kind: 'off' }],
    ['do not sync', { kind: 'off' }],
  ])('%s', (text, rule) => {
    expect(parseRule(text)).toEqual(rule);
  });

  it.each(['', 'both ways', 'always-use', 'prefer salesforce', 'two-way, prefer'])('"%s" is none', (text) => {
    expect(parseRule(text)).toBeNull();
  });

  it('reads back every rule that it writes', () => {
    for (const words of ruleWords) {
      const rule = parseRule(words.replace('<system>', 'crm-1'));
      expect(rule && parseRule(ruleText(rule))).toEqual(rule);
    }
  });

  it('never writes into the master of a field', () => {
    expect(directions({ kind: 'always-use', system: 'salesforce' }, 'salesforce')).toEqual({
      pulls: true,
      pushes: false,
    });
    expect(directions({ kind: 'always-use', system: 'salesforce' }, 'hubspot')).toEqual({
      pulls: true,
      pushes: true,
    });
  });

  it('goes one way unless told otherwise', () => {
    expect(directions({ kind: 'pull-only' }, 'x')).toEqual({ pulls: true, pushes: false });
    expect(directions({ kind: 'push-only' }, 'x')).toEqual({ pulls: false, pushes: true });
    expect(directions({ kind: 'off' }, 'x')).toEqual({ pulls: false, pushes: false });
    expect(directions({ kind: 'two-way' }, 'x')).toEqual({ pulls: true, pushes: true });
    expect(directions({ kind: 'prefer-unless-blank', system: 'x' }, 'x')).toEqual({
      pulls: true,
      pushes: true,
    });
  });

  it('renames the system that a rule names, and only that', () => {
    const rename = (system: string) => `${system}-1`;
    const rules = ['two-way', 'two-way, prefer a', 'always-use a', 'prefer a unless blank', 'push only'];
    const systems = rules
      .map((text) => parseRule(text))
      .map((rule) => rule && ruleSystem(withSystem(rule, rename)));
    expect(systems).toEqual([undefined, 'a-1', 'a-1', 'a-1', undefined]);
  });
});
