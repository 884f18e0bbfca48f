/**
 * Any value that JSON has in Python's dialect.
 *
 * @module
 */

import * as fc from "fast-check";

const text = fc.string({ unit: "binary", maxLength: 20 });

/** An integer that a number cannot hold: all others are read as numbers. */
const large = fc.bigInt().filter((value) => value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER);

/** Nested values with NaN, the infinities and large integers among them. */
export const arbitraryJson: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    text,
    fc.integer(),
    fc.double(),
    large,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.oneof(text, fc.constant("__proto__")), tie("value"), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;
