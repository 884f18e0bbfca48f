/**
 * What an isolate knows of operators' wishes, and what it has shown them of itself.
 *
 * There is one for each store that an application is connected to: directives are kept there.
 *
 * @module
 */

import type { Directives } from "@umbel/protocol";

/** It grows with the answers of the store to a worker's claims; a program that only sends calls knows nothing. */
export interface Oversight {
  /** Of the directives that are known; empty for none. */
  revision: string;
  directives: Directives;
  /** When each of this isolate's endpoints has last shown itself, milliseconds since 1970, by its name. */
  readonly shown: Map<string, number>;
}

/** One that knows nothing yet. */
export function openOversight(): Oversight {
  return { revision: "", directives: {}, shown: new Map() };
}
