/** What is said in one conversation without an address belongs to the person who said there who they are. */
import { describe, expect, it } from 'vitest';
import { grouped, person, refusals } from './people.ts';

const browser = { visitor: 'pc' };
/** Somebody else has used the browser before. */
const other = person('chat:0', { name: 'Eve Frost', email: 'eve@x.example', session: 's0', ...browser });
const tom = person('chat:1', { email: 'tom@x.example', session: 's1', ...browser });
const rest = person('chat:2', { name: 'Tom Lenz', phone: '+1', session: 's1', ...browser, at: 2_000 });

describe('a name or a phone number without an address', () => {
  it.each([
    ['after', 3_000],
    ['before', 500],
  ])('goes to whoever said %s it who they are, on a browser that others use', (_, at) => {
    const said = person('chat:2', { name: 'Tom Lenz', phone: '+1', session: 's1', ...browser, at });
    expect(grouped([other, tom, said])).toEqual([['chat:0'], ['chat:1', 'chat:2']]);
  });

  it('stays by itself in another conversation, and where the names contradict', () => {
    const elsewhere = person('chat:2', { name: 'Tom Lenz', session: 's2', ...browser });
    expect(grouped([other, tom, elsewhere])).toEqual([['chat:0'], ['chat:1'], ['chat:2']]);
    const named = person('chat:1', { name: 'Ben Kahn', email: 'ben@x.example', session: 's1', ...browser });
    expect(grouped([other, named, rest])).toEqual([['chat:0'], ['chat:1'], ['chat:2']]);
    expect(refusals([other, named, rest])['session:s1']).toBe('other names');
  });

  it('is the other half of a name', () => {
    const first = { ...person('chat:1', { email: 'tom@x.example', session: 's1' }) };
    const firstName = { firstName: { value: 'Tom', at: 1, exact: true } };
    const last = person('chat:2', { name: 'Lenz', session: 's1' });
    expect(grouped([{ ...first, values: firstName }, last])).toEqual([['chat:1', 'chat:2']]);
    const lastToo = person('chat:1', { name: 'Kahn', email: 'tom@x.example', session: 's1' });
    expect(grouped([lastToo, last])).toEqual([['chat:1'], ['chat:2']]);
  });

  it('goes by the name, or nowhere, where two said who they are', () => {
    const ben = person('chat:3', { name: 'Ben Kahn', email: 'ben@x.example', session: 's1', ...browser });
    expect(grouped([tom, ben, rest])).toEqual([['chat:1', 'chat:2'], ['chat:3']]);
    const nameless = person('chat:3', { email: 'ben@x.example', session: 's1', ...browser });
    expect(grouped([tom, nameless, rest])).toEqual([['chat:1'], ['chat:2'], ['chat:3']]);
    expect(refusals([tom, nameless, rest])['session:s1']).toBe('several people');
  });

  it('goes to a user who is known from elsewhere', () => {
    const known = person('chat:1', { email: 'tom@x.example', chatUser: 'u1', session: 's0' });
    const signedIn = person('chat:3', { chatUser: 'u1', session: 's1', ...browser });
    expect(grouped([known, signedIn, rest])).toEqual([['chat:1', 'chat:2', 'chat:3']]);
  });

  it('tells which person of a shared mailbox is speaking', () => {
    const records = [
      person('sf:1', { name: 'Tom Lenz', email: 'info@x.example' }),
      person('sf:2', { name: 'Ben Kahn', email: 'info@x.example' }),
    ];
    const asked = person('chat:1', { email: 'info@x.example', session: 's1', ...browser });
    expect(grouped([...records, asked])).toEqual([['chat:1'], ['sf:1'], ['sf:2']]);
    expect(grouped([...records, asked, rest])).toEqual([['chat:1', 'chat:2', 'sf:1'], ['sf:2']]);
  });
});

it('two addresses in one conversation are two people', () => {
  const ben = person('chat:3', { email: 'ben@x.example', session: 's1' });
  expect(grouped([tom, ben])).toEqual([['chat:1'], ['chat:3']]);
});

it('an id that stands for the conversations of many leads to nobody', () => {
  const many = [1, 2, 3, 4].map((n) => person(`chat:${n}`, { email: `p${n}@x.example`, session: 'web' }));
  const said = person('chat:9', { name: 'Tom Lenz', session: 'web' });
  expect(grouped([...many, said])).toHaveLength(5);
});
