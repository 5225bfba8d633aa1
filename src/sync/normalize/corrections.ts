/** Records that a person hands over, as from a file: what is handed over last counts, and what hung on the one before is computed again. */
import { refText } from '../../canonical/names.ts';
import type { VendorRecord } from '../../connector/contract/reading.ts';
import type { LandedNews } from '../../store/contract/landing.ts';
import type { Hub } from '../hub.ts';

export function landCorrections(
  hub: Hub,
  connection: string,
  records: readonly VendorRecord[],
): Promise<LandedNews> {
  const readAt = hub.clock.now();
  return hub.store.transaction(async (store) => {
    // Read later than what a webhook brings again, so that a mended event stays mended.
    const read = records.map((record) => ({ ...record, readAt }));
    const news = await store.landing.correct(connection, read);
    const refs = [...news.added, ...news.changed].map(refText);
    if (refs.length > 0) await store.work.mark('normalize', refs);
    return news;
  });
}
