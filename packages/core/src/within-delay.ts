/**
 * What is due later than the broker holds anything: it is published for as late as that goes, and marked as early. A worker sends
 * it on (hop.ts).
 *
 * @module
 */

import type { Publication } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";

/** Share of its longest delay that a broker is asked for: its clock is another one. */
const share = 0.99;

/** The publication, held back for no longer than the broker can. */
export function withinDelay({ broker, platform }: CallingApplication, publication: Publication): Publication {
  const { notBefore, message } = publication;
  if (notBefore === undefined) return publication;
  const latest = platform.now() + broker.traits.maxDelay * share * 1000;
  const { early: before, ...properties } = message.properties;
  if (notBefore > latest) {
    return { ...publication, notBefore: latest, message: { ...message, properties: { ...properties, early: true } } };
  }
  return before === undefined ? publication : { ...publication, message: { ...message, properties } };
}
