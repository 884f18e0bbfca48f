/**
 * All that an async iterable yields.
 *
 * @module
 */

/** Reads it to its end. */
export async function listOf<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const list: Item[] = [];
  for await (const each of items) list.push(each);
  return list;
}
