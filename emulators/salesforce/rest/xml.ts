import { XMLParser } from 'fast-xml-parser';
import { isJsonObject, type Json, type JsonObject } from '../../../src/support/json.ts';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
});

/** Elements as properties, attributes as `@name`, all values text; throws for what is no XML. */
export function parseXml(text: string): JsonObject {
  const parsed: unknown = parser.parse(text, true);
  return isJsonObject(parsed) ? parsed : {};
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => entities[char] ?? char);
}

/** `<name>…</name>`; lists repeat the element, null leaves it out. */
export function element(name: string, value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((one: Json) => element(name, one)).join('');
  return `<${name}>${isJsonObject(value) ? elements(value) : escapeXml(String(value))}</${name}>`;
}

export function elements(values: JsonObject): string {
  return Object.entries(values)
    .map(([name, value]) => element(name, value))
    .join('');
}
