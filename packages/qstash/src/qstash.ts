/**
 * A broker on QStash: the managed service, or our gateway, which speaks its API.
 *
 * @module
 */

import { type BrokerTraits, type CallerBroker, checkOptionNames, type Connect, mayMergeCalls } from "@umbel/protocol";
import { openApi } from "./api.ts";
import { batchesOf, maxBatch } from "./batches.ts";
import { headerText } from "./header-text.ts";
import { developmentRetryDelay, horizonOf, requestOf, retryDelay } from "./request.ts";
import { accountOf, type AccountOptions, isDevelopment, type Opening } from "./settings.ts";
import type { WorkerOptions } from "./workers.ts";
import { workersOf } from "./workers.ts";

/** Options of {@link qstash}. What is absent comes from the environment, then from the development values. */
export interface QStashOptions extends AccountOptions, WorkerOptions {
  /** How often a failed delivery is repeated; 30 when absent. Some plans allow fewer. */
  readonly retries?: number;
  /** Seconds that a push may last; the plan's longest when absent. */
  readonly timeout?: number;
  /** Seconds that a call of QStash's API may take; 10 when absent, no limit when Infinity. */
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

/** What the port calls itself. */
export const brokerName = "qstash";

/** A broker as {@link qstash} connects it: a caller's, with what `withPushes` and `qstashDesk` need to make more of it. */
export interface QStashBroker extends CallerBroker {
  /** A function, so that the account's secret is not seen where a broker is printed. */
  readonly opening: () => Opening;
}

/** Whether a broker is one that {@link qstash} has connected. */
export function isQStash(broker: CallerBroker): broker is QStashBroker {
  return broker.name === brokerName && "opening" in broker;
}

/** Base URL of the account of a broker that {@link qstash} has connected: for people. Undefined for another adapter's. */
export function accountUrl(broker: CallerBroker): string | undefined {
  return isQStash(broker) ? broker.opening().account.url : undefined;
}

/**
 * Messages by QStash: it pushes them to the workers, which verify its signature. One call publishes up to a hundred.
 *
 * Throws `ImproperlyConfigured` for an option that there is not; `MissingSettingError` or `ImproperlyConfigured` when it is
 * connected. What only workers need is apart, in `withPushes`; `umbel/worker` brings it.
 */
export function qstash(options: QStashOptions = {}): Connect<QStashBroker> {
  checkOptionNames("qstash()", options, optionNames);
  const { retries = 30, timeout, requestTimeout = 10, maxMessageSize = 1_000_000 } = options;
  const traits = traitsOf({ retries, maxMessageSize, maxDelay: options.maxDelay ?? 7 * 86_400 });

  return (environment) => {
    const account = accountOf(options, environment);
    const workers = workersOf(options, environment);
    const delay = isDevelopment(environment, account) ? developmentRetryDelay : retryDelay;
    const publishing = { findWorker: workers.find, retries, retryDelay: delay, timeout, maxMessageSize };
    const api = openApi({ account, requestTimeout, merge: options.mergeCalls ?? mayMergeCalls() });

    return {
      name: brokerName,
      traits,
      ...(workers.only !== undefined && { worker: workers.only }),
      targetOf: workers.of,
      opening: () => ({ options, environment, account, requestTimeout }),

      async publish(publications) {
        const requests = await Promise.all(publications.map((publication) => requestOf(publication, publishing)));
        const receipts = await Promise.all(batchesOf(requests).map((batch) => api.publish(batch)));
        return receipts.flat();
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

interface Limits extends Pick<BrokerTraits, "maxMessageSize" | "maxDelay"> {
  readonly retries: number;
}

function traitsOf({ retries, ...limits }: Limits): BrokerTraits {
  const can = { delay: true, deduplication: true, priority: false, cancel: true, flowControl: true };
  return { ...can, ...limits, maxBatch, retryHorizon: horizonOf(retries) };
}

const optionNames = {
  url: true,
  token: true,
  currentSigningKey: true,
  nextSigningKey: true,
  workerUrl: true,
  queues: true,
  targets: true,
  retries: true,
  timeout: true,
  requestTimeout: true,
  maxMessageSize: true,
  maxDelay: true,
  mergeCalls: true,
} satisfies Record<keyof QStashOptions, true>;
