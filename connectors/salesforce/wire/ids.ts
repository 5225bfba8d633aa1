/**
 * Salesforce record ids: 15 case-sensitive characters, or 18 with a checksum that survives tools which ignore
 * case. REST answers with 18; report exports, formula fields and URLs may hold 15.
 */
const checksumAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const shape = /^[0-9A-Za-z]{15}(?:[A-Z0-5]{3})?$/;

export function isRecordId(text: string): boolean {
  return shape.test(text);
}

/** The 18-character form; any other text comes back as it is. */
export function longId(id: string): string {
  return id.length === 15 && shape.test(id) ? id + checksum(id) : id;
}

/** One character per group of five: bit n is set when the group's character n is an upper-case letter. */
function checksum(id: string): string {
  let suffix = '';
  for (let group = 0; group < 15; group += 5) {
    let bits = 0;
    for (let n = 0; n < 5; n += 1) {
      const letter = id.charCodeAt(group + n);
      if (letter >= 65 && letter <= 90) bits |= 1 << n;
    }
    suffix += checksumAlphabet.charAt(bits);
  }
  return suffix;
}
