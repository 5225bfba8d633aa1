/**
 * Ids of 15 characters whose case matters, and the three more that carry the case through tools that lose it, such as
 * spreadsheets: each stands for five characters, a bit per character, set where it is a capital.
 */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const shape = /^[0-9A-Za-z]{15}(?:[A-Za-z0-5]{3})?$/;
const groups = [0, 5, 10];

/** The form with 18 characters, in its right case; null where `id` is not one, or its ends contradict its beginning. */
export function casedId(id: string): string | null {
  if (!shape.test(id)) return null;
  if (id.length === 15) return id + caseChecks(id);
  const checks = id.slice(15).toUpperCase();
  const cased = withCaseOf(id.slice(0, 15), checks);
  return caseChecks(cased) === checks ? cased + checks : null;
}

/** Runs once per row of a reading, so it builds no lists. */
function caseChecks(id: string): string {
  let checks = '';
  for (const group of groups) {
    let bits = 0;
    for (let n = 0; n < 5; n += 1) {
      const letter = id.charCodeAt(group + n);
      if (letter >= 65 && letter <= 90) bits |= 1 << n;
    }
    checks += alphabet.charAt(bits);
  }
  return checks;
}

function withCaseOf(id: string, checks: string): string {
  const characters = [...id].map((character, at) => {
    const bits = alphabet.indexOf(checks.charAt(Math.floor(at / 5)));
    return bits & (1 << (at % 5)) ? character.toUpperCase() : character.toLowerCase();
  });
  return characters.join('');
}
