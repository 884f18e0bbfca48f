/**
 * Whether pushes are signed with the keys that they are verified with.
 *
 * @module
 */

import { type Environment, isProduction } from "@umbel/protocol";
import { type AccountKeys, accountKeys, withPushes } from "@umbel/qstash";
import type { Umbel } from "umbel";
import { bad, type Finding, good, warning } from "./finding.ts";

/** The broker's keys; undefined where it does not tell: why not is found where the broker is looked at. */
export async function keysOfBroker({ broker }: Umbel): Promise<AccountKeys | undefined> {
  return await accountKeys(broker).catch(() => undefined);
}

/** This environment's keys, beside the broker's. Development's are known to everybody, be they set or not. */
export function lookAtKeys({ broker, environment }: Umbel, keys: AccountKeys | undefined): readonly Finding[] {
  const isPublic = withPushes(broker)?.usesPublicKeys?.();
  if (isPublic === undefined) return []; // Another adapter's.
  if (keys?.standing === "foreign") {
    return [
      bad("keys", "the broker signs with other keys: a worker that has these refuses all that it pushes", brokers),
    ];
  }
  if (keys?.standing === "old") {
    return [
      warning("keys", "they verify what the broker pushes now, and nothing once its keys are rotated again", brokers),
    ];
  }
  if (isPublic) return [whoIsLetIn(environment)];
  const beside =
    keys === undefined ? "; the broker does not tell whether they are its own" : ", and the broker signs with them";
  return [good("keys", `signing keys of your own are set${beside}`)];
}

function whoIsLetIn(environment: Environment): Finding {
  return isProduction(environment) ? letsAnybodyIn : publicOnes;
}

const brokers =
  "set QSTASH_CURRENT_SIGNING_KEY and QSTASH_NEXT_SIGNING_KEY to the broker's: those that the gateway was given, or that QStash's console shows";

const letsAnybodyIn = bad(
  "keys",
  "the signing keys are development's, which everybody knows, and this is production: whoever has them can push to the worker",
  "give the broker keys of its own and set QSTASH_CURRENT_SIGNING_KEY and QSTASH_NEXT_SIGNING_KEY to them",
);

const publicOnes = warning(
  "keys",
  "no signing keys of your own: development's public ones are used, which let in what comes from this machine only",
  "set QSTASH_CURRENT_SIGNING_KEY and QSTASH_NEXT_SIGNING_KEY where it is deployed",
);
