/**
 * What is said of a time zone that there is not.
 *
 * @module
 */

import { nearestName } from "@umbel/core";
import { ImproperlyConfigured } from "@umbel/protocol";

/** An error with the nearest name that there is, if that can be told. */
export function unknownZone(name: unknown, cause: unknown): ImproperlyConfigured {
  const known = Intl.supportedValuesOf("timeZone");
  const nearest = typeof name === "string" && name !== "" ? nearestName(name, known) : undefined;
  const hint =
    nearest === undefined ? 'an IANA name is wanted, such as "Europe/Oslo"' : `the nearest name is "${nearest}"`;
  return new ImproperlyConfigured(`There is no time zone ${JSON.stringify(name)}; ${hint}`, { cause });
}
