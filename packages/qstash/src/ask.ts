/**
 * Asks QStash through the official client: on a time limit, since the client itself would wait for ever; every error that
 * leaves is ours.
 *
 * @module
 */

import { timerOf } from "@umbel/protocol";
import { openClient } from "#official";
import type { Ask } from "./official-client.ts";
import { failureOf } from "./receipts.ts";
import { requesterOf } from "./requester.ts";
import type { Opening } from "./settings.ts";

/** Who is asked, and how long an answer may take. */
export type AskSettings = Pick<Opening, "account" | "requestTimeout">;

/** An account that can be asked. */
export interface Asking {
  /** Throws our error for a call that fails, or takes too long. */
  readonly ask: Ask;
  /** How long an answer may take, in milliseconds; undefined: for ever. */
  readonly limit: number | undefined;
  /** What a call fails of that has no answer by then. */
  readonly late: () => Error;
}

/** Opens an account. Throws `ImproperlyConfigured` for a time-out that leaves no time. */
export function openAccount({ account: { url, token }, requestTimeout }: AskSettings): Asking {
  const limit = timerOf("requestTimeout", requestTimeout);
  // Without `devMode: false` a variable of the client's own, QSTASH_DEV, would win over our settings.
  const ask = openClient({ baseUrl: url, token, devMode: false, enableTelemetry: false });
  const http = requesterOf({ url, token });
  const failed = (cause: unknown) => failureOf(cause, url);
  const late = () => failed(new Error(`no answer in ${requestTimeout} seconds`));

  return {
    limit,
    late,
    ask: (call) =>
      new Promise((resolve, reject) => {
        const timer = limit && setTimeout(() => reject(late()), limit);
        ask((client) => call(Object.assign(client, { http })))
          .then(resolve, (cause) => reject(failed(cause)))
          .finally(() => clearTimeout(timer));
      }),
  };
}
