/**
 * What an application is connected to, as it may be shown: no address has its secret in it.
 *
 * @module
 */

import type { Umbel } from "umbel";

/** The broker's and the store's names, each with the host where it is. */
export function connectionsOf(app: Umbel): { readonly broker: string; readonly store: string } {
  const { broker = "none", backend = "none" } = app.connections.names;
  return {
    broker: placed(broker, app.environment("QSTASH_URL")),
    store: placed(backend, app.environment("UPSTASH_REDIS_REST_URL")),
  };
}

function placed(name: string, url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? `${name} at ${new URL(url).host}` : name;
}
