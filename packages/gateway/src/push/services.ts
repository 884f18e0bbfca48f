/**
 * What the API and the dispatcher work on: the stores over one database, put together.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { type ClaimDue, createClaim } from "./claim.ts";
import { createDeadLetterStore, type DeadLetterStore } from "./dead-letter-store.ts";
import { createFlowStore, type FlowStore } from "./flow-store.ts";
import { createLaneStore } from "./lane-store.ts";
import { createMessageStore, type MessageStore } from "./message-store.ts";
import { createOpenDeliveries, type OpenDeliveries } from "./open-deliveries.ts";
import { createQueueStore, type QueueStore } from "./queue-store.ts";
import { createScheduleStore, type ScheduleStore } from "./schedule-store.ts";
import { schema } from "./schema.ts";
import { createSigningKeyStore, type SigningKeys, type SigningKeyStore } from "./signing-keys.ts";

/** The stores. Writes go through `database.write`. */
export interface Services {
  readonly database: Database;
  readonly messages: MessageStore;
  readonly deadLetters: DeadLetterStore;
  readonly queues: QueueStore;
  readonly flows: FlowStore;
  readonly schedules: ScheduleStore;
  readonly keys: SigningKeyStore;
  readonly open: OpenDeliveries;
  readonly claim: ClaimDue;
}

/** What the stores depend on. */
export interface ServiceOptions {
  readonly database: Database;
  readonly signingKeys: SigningKeys;
  readonly newId: () => string;
  /** Seconds for which dead letters are kept. */
  readonly deadLetterRetention: number;
}

/** Creates the tables, or brings them up to date, and the stores over them. */
export function openServices({ database, signingKeys, newId, deadLetterRetention }: ServiceOptions): Services {
  database.migrate("push", schema);
  const lanes = createLaneStore(database);
  const deadLetters = createDeadLetterStore(database, deadLetterRetention);
  const open = createOpenDeliveries();
  const messages = createMessageStore(database, { lanes, deadLetters, newId });
  return {
    database,
    messages,
    deadLetters,
    queues: createQueueStore(database, { lanes, messages }),
    flows: createFlowStore(database, { lanes, open }),
    schedules: createScheduleStore(database, messages),
    keys: createSigningKeyStore(database, signingKeys),
    open,
    claim: createClaim(database, { lanes, messages, open }),
  };
}
