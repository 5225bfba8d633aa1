import { connectorConformance } from '../../src/testing/conformance.ts';
import { doubling, merging } from './toy/appending.ts';
import { appending, boxed, composite, exporting, importing, keyed, toySubject } from './toy/subject.ts';

connectorConformance(toySubject());

const { memory: _, ...rest } = toySubject();
connectorConformance({
  ...rest,
  ...keyed,
  waivers: [{ check: 'null clears a field [Thing]', reason: 'shows how a known gap is told' }],
});

const { sinks: _sinks, webhooks: _webhooks, fields: _fields, ...reading } = rest;
connectorConformance({ ...reading, ...composite });
connectorConformance({ ...reading, ...exporting });
connectorConformance({ ...reading, ...boxed });
connectorConformance({ ...rest, ...importing });

for (const appender of [merging, doubling]) connectorConformance({ ...reading, ...appending(appender) });
