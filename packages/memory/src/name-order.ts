/**
 * The order of names: by code points, as bytes of UTF-8 are ordered. `<` orders by units of UTF-16, where what lies beyond the
 * first plane comes before the end of it.
 *
 * @module
 */

interface Named {
  readonly name: string;
}

/** Compares for a sort. */
export function byName({ name: one }: Named, { name: other }: Named): number {
  for (let at = 0; at < one.length && at < other.length; at += 1) {
    const difference = rankAt(one, at) - rankAt(other, at);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

/** The unit, with surrogates behind all that stand for themselves. */
function rankAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
