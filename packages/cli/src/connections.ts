/**
 * What an application is connected to, as it may be shown: no address has its secret in it.
 *
 * @module
 */

import { accountUrl } from "@umbel/qstash";
import type { Umbel } from "umbel";
import { storeUrl } from "umbel/upstash";

/** The broker's and the store's names, each with the host where it is. */
export function connectionsOf(app: Umbel): { readonly broker: string; readonly store: string } {
  const { broker = "none", backend = "none" } = app.connections.names;
  return {
    broker: placed(broker, known(() => accountUrl(app.broker)) ?? app.environment("QSTASH_URL")),
    store: placed(backend, known(() => storeUrl(app.backend)) ?? app.environment("UPSTASH_REDIS_REST_URL")),
  };
}

/** Undefined where a setting is missing, or makes no sense: then nothing is connected. */
function known(urlOf: () => string | undefined): string | undefined {
  try {
    return urlOf();
  } catch {
    return undefined;
  }
}

function placed(name: string, url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? `${name} at ${new URL(url).host}` : name;
}
