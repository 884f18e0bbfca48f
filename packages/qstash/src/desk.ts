/**
 * What operators ask of QStash: lists, what is taken back, sent again or deleted, limits.
 *
 * @module
 */

import type { BrokerDesk, CallerBroker, FlowControl } from "@umbel/protocol";
import { acceptedPage } from "./accepted.ts";
import { openAccount } from "./ask.ts";
import { cancelMessages, isGone, mostNamed, partsOf } from "./calls.ts";
import { deadPage } from "./dead.ts";
import { headerText } from "./header-text.ts";
import type { Ask } from "./official-client.ts";
import { brokerName, isQStash, type QStashBroker } from "./qstash.ts";

/**
 * The desk of the account of a broker that `qstash` has connected; undefined for another adapter's. It is told nothing of the
 * account: the broker keeps that to itself.
 *
 * QStash has no list of messages: what is accepted is found in its logs, as far back as those go (three days on the free
 * plan), and judged by its newest entry. A page of `accepted` costs a call, and one more for each fifty messages in it that have
 * not ended; of `dead` one. `limit` counts what is looked at, of other publishers' too, so a page may be empty and not the
 * last. Ids go fifty in a call, in lists, and where they are discarded, sent again or buried.
 */
export function qstashDesk(broker: QStashBroker): BrokerDesk;
export function qstashDesk(broker: CallerBroker): BrokerDesk | undefined;
export function qstashDesk(broker: CallerBroker): BrokerDesk | undefined {
  if (!isQStash(broker)) return undefined;
  const { ask } = openAccount(broker.opening());
  return {
    name: brokerName,
    accepted: (query) => acceptedPage({ ask, targetOf: broker.targetOf }, query),
    dead: (query) => deadPage(ask, query),
    discard: (messageIds) => cancelMessages(ask, messageIds),
    resend: (letterIds) => resend(ask, letterIds),
    bury: (letterIds) => bury(ask, letterIds),
    pin: (key, limits) => pin(ask, key, limits),
  };
}

async function resend(ask: Ask, letterIds: readonly string[]): Promise<number> {
  let sent = 0;
  for (const part of partsOf(letterIds, mostNamed)) {
    sent += (await ask((client) => client.dlq.retry({ dlqIds: [...part] }))).responses.length;
  }
  return sent;
}

async function bury(ask: Ask, letterIds: readonly string[]): Promise<number> {
  let deleted = 0;
  for (const part of partsOf(letterIds, mostNamed)) {
    deleted += (await ask((client) => client.dlq.delete({ dlqIds: [...part] }))).deleted;
  }
  return deleted;
}

/** Unpinned numbers stay until a message brings others; what is not among `limits` may have been pinned before. */
async function pin(ask: Ask, name: string, limits: Omit<FlowControl, "key"> = {}): Promise<void> {
  const { rate, period, parallelism } = limits;
  const key = await headerText(name);
  const pinned = {
    ...(parallelism !== undefined && { parallelism }),
    ...(rate !== undefined && { rate, period: period ?? 1 }),
  };
  if (rate !== undefined || parallelism !== undefined) await ask((client) => client.flowControl.pin(key, pinned));
  if (rate === undefined || parallelism === undefined) {
    await unpin(ask, key, { rate: rate === undefined, parallelism: parallelism === undefined });
  }
}

async function unpin(
  ask: Ask,
  key: string,
  limits: { readonly rate: boolean; readonly parallelism: boolean },
): Promise<void> {
  try {
    await ask((client) => client.flowControl.unpin(key, limits));
  } catch (error) {
    // A key that nobody knows has no pins.
    if (!isGone(error)) throw error;
  }
}
