/**
 * The other half of the broker: what only those need who receive pushes.
 *
 * @module
 */

import type { Broker, CallerBroker } from "@umbel/protocol";
import { openFailure } from "./failure-callback.ts";
import { heldMessages } from "./held.ts";
import { isQStash, type QStashBroker } from "./qstash.ts";
import { arePublic, type SigningKeys, signingKeysOf } from "./signing-keys.ts";
import { verifyPush } from "./verify.ts";

/**
 * The whole port: what `qstash` connected, and what workers need. Undefined for another adapter's.
 *
 * The signing keys are looked for when the first push is verified, for a program that only publishes needs none; verifying
 * throws `MissingSettingError` without them.
 */
export function withPushes(broker: QStashBroker): Broker;
export function withPushes(broker: CallerBroker): Broker | undefined;
export function withPushes(broker: CallerBroker): Broker | undefined {
  if (!isQStash(broker)) return undefined;
  const keys = (): SigningKeys => signingKeysOf(broker.opening());
  return {
    ...broker,
    ...heldMessages(broker.opening()),
    openFailure,
    usesPublicKeys: () => arePublic(keys()),
    async verify(push) {
      await verifyPush(push, keys());
    },
  };
}
