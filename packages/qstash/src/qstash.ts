/**
 * A broker on QStash: the managed service, or our gateway, which speaks its API.
 *
 * @module
 */

import { type Broker, type BrokerTraits, type Connect, mayMergeCalls } from "@umbel/protocol";
import { openApi } from "./api.ts";
import { batchesOf, maxBatch } from "./batches.ts";
import { openFailure } from "./failure-callback.ts";
import { headerText } from "./header-text.ts";
import { horizonOf, requestOf } from "./request.ts";
import type { AccountOptions } from "./settings.ts";
import { accountOf, signingKeysOf } from "./settings.ts";
import { verifyPush } from "./verify.ts";
import type { WorkerOptions } from "./workers.ts";
import { workersOf } from "./workers.ts";

/** Options of {@link qstash}. What is absent comes from the environment, then from the development values. */
export interface QStashOptions extends AccountOptions, WorkerOptions {
  /** How often a failed delivery is repeated; 30 when absent. Some plans allow fewer. */
  readonly retries?: number;
  /** Seconds that a push may last; the plan's longest when absent. */
  readonly timeout?: number;
  /** Seconds that a call of QStash's API may take; 10 when absent. */
  readonly requestTimeout?: number;
  /** Bytes; 1 MB, the free plan's limit, when absent. */
  readonly maxMessageSize?: number;
  /** Seconds; 7 days, the free plan's limit, when absent. */
  readonly maxDelay?: number;
  /**
   * Whether calls that are made at the same time are published together. When absent they are on Bun, Deno and Node, where
   * one process serves many requests, and not on edge runtimes.
   */
  readonly mergeCalls?: boolean;
}

/**
 * Messages by QStash: it pushes them to the workers, which verify its signature. One call publishes up to a hundred.
 *
 * Throws `MissingSettingError` or `ImproperlyConfigured` when it is connected; the signing keys are looked for when the
 * first push is verified, for a program that only publishes needs none.
 */
export function qstash(options: QStashOptions = {}): Connect<Broker> {
  const { retries = 30, timeout, requestTimeout = 10, maxMessageSize = 1_000_000, maxDelay = 7 * 86_400 } = options;
  const traits: BrokerTraits = {
    delay: true,
    deduplication: true,
    priority: false,
    cancel: true,
    maxDelay,
    maxMessageSize,
    maxBatch,
    retryHorizon: horizonOf(retries),
  };

  return (environment) => {
    const account = accountOf(options, environment);
    const publishing = { findWorker: workersOf(options, environment), retries, timeout, maxMessageSize };
    const api = openApi(account, { timeout: requestTimeout, merge: options.mergeCalls ?? mayMergeCalls() });

    return {
      name: "qstash",
      traits,
      openFailure,

      async publish(publications) {
        const requests = await Promise.all(publications.map((publication) => requestOf(publication, publishing)));
        const receipts = await Promise.all(batchesOf(requests).map((batch) => api.publish(batch)));
        return receipts.flat();
      },

      async verify(push) {
        await verifyPush(push, signingKeysOf(options, environment, account));
      },

      async cancel(ids) {
        const labels = await Promise.all(ids.map(headerText));
        let cancelled = 0;
        // No ids, no call: one without labels would cancel everything.
        for (let at = 0; at < labels.length; at += maxBatch)
          cancelled += await api.cancel(labels.slice(at, at + maxBatch));
        return cancelled;
      },
    };
  };
}
