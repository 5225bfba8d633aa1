/** What comes of records that an undo deletes. */
import type { Undo } from '../../sync/undo/undo.ts';

/** Who took a record out must not be surprised to find it back after the next push, nor to miss it. */
export function deletedText(back: Undo['back']): string[] {
  const deleted = back.filter(({ op }) => op === 'delete');
  const rows = new Set(deleted.filter(({ ours }) => ours).map(({ object }) => object));
  return [
    ...(deleted.some(({ ours }) => !ours) ? ['The hub does not make a record again that was deleted.'] : []),
    ...(rows.size > 0
      ? [
          `Rows of ${[...rows].join(', ')} are made again by the next \`hub push --yes\`, where their deals still have those chats.`,
        ]
      : []),
  ];
}
