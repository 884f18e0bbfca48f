/**
 * Calls of QStash's API through the official client; every error that leaves is ours.
 *
 * @module
 */

import { mergeCalls, type Receipt, type SendItems } from "@umbel/protocol";
import { type AskSettings, openAccount } from "./ask.ts";
import { maxBatch } from "./batches.ts";
import { receiptsIn } from "./receipts.ts";
import type { BatchItem } from "./request.ts";

/** What the broker asks of QStash; each is one call. */
export interface Api {
  /** Publishes up to a hundred messages. */
  readonly publish: SendItems<BatchItem, Receipt>;
  /** Cancels what waits under any of these labels; at least one. */
  cancel(labels: readonly string[]): Promise<number>;
}

/** How QStash is asked. */
export interface ApiSettings extends AskSettings {
  /** Whether messages that are published at the same time share a call. */
  readonly merge: boolean;
}

/** Most that share a call, in messages and in characters of their bodies. */
const mostMerged = { calls: 4, items: maxBatch, size: 500_000, sizeOf: ({ body }: BatchItem) => body.length };

/** Opens the API of an account. Throws `ImproperlyConfigured` for a time-out that leaves no time. */
export function openApi(settings: ApiSettings): Api {
  const account = openAccount(settings);

  async function publish(requests: readonly BatchItem[]): Promise<readonly Receipt[]> {
    return receiptsIn(await account.ask<unknown>((client) => client.batch([...requests])), requests.length);
  }

  return {
    publish: settings.merge ? mergeCalls(publish, { ...mostMerged, ...account }) : publish,

    async cancel(labels) {
      return (await account.ask(({ messages }) => messages.cancel({ filter: { label: [...labels] } }))).cancelled;
    },
  };
}
