/**
 * Which version this is. A test holds it to the package's.
 *
 * @module
 */

/** The package's version. */
export const version = "0.1.0";
