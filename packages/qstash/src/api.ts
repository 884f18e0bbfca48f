/**
 * Calls of QStash's API through the official client; every error that leaves is ours.
 *
 * @module
 */

import { mergeCalls, type Receipt, type SendItems, timerOf } from "@umbel/protocol";
import { Client } from "@upstash/qstash";
import { maxBatch } from "./batches.ts";
import { failureOf, receiptsIn } from "./receipts.ts";
import type { BatchItem } from "./request.ts";
import type { Account } from "./settings.ts";
import { withinTime } from "./within.ts";

/** What the broker asks of QStash; each is one call. */
export interface Api {
  /** Publishes up to a hundred messages. */
  readonly publish: SendItems<BatchItem, Receipt>;
  /** Cancels what waits under any of these labels; at least one. */
  cancel(labels: readonly string[]): Promise<number>;
}

/** How calls are made. */
export interface Calling {
  /** Seconds for one call with its repetitions; may be Infinity. */
  readonly timeout: number;
  /** Whether messages that are published at the same time share a call. */
  readonly merge: boolean;
}

/** Most that share a call, in messages and in characters of their bodies. */
const mostMerged = { calls: 4, items: maxBatch, size: 500_000, sizeOf: ({ body }: BatchItem) => body.length };

/** Opens the API of an account. Throws `ImproperlyConfigured` for a time-out that leaves no time. */
export function openApi({ url, token }: Account, { timeout, merge }: Calling): Api {
  const limit = timerOf("requestTimeout", timeout);
  // Without `devMode: false` a variable of the client's own, QSTASH_DEV, would win over our settings. The client's own
  // retries would multiply with the caller's (`taskPublishRetryPolicy`), and each prints a line.
  const client = new Client({ baseUrl: url, token, devMode: false, enableTelemetry: false, retry: false });

  const late = (): Error => new Error(`no answer in ${timeout} seconds`);
  const merging = { ...mostMerged, limit, late: () => failureOf(late(), url) };

  const within = withinTime(url, limit, late);

  async function publish(requests: readonly BatchItem[]): Promise<readonly Receipt[]> {
    return receiptsIn(await within<unknown>(client.batch([...requests])), requests.length);
  }

  return {
    publish: merge ? mergeCalls(publish, merging) : publish,

    async cancel(labels) {
      const { cancelled } = await within(client.messages.cancel({ filter: { label: [...labels] } }));
      return cancelled;
    },
  };
}
