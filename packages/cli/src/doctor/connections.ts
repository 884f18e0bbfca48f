/**
 * Whether settings are there, and store and broker answer.
 *
 * @module
 */

import { needSigningKeys, readiness } from "@umbel/core";
import { withPushes } from "@umbel/qstash";
import type { Umbel } from "umbel";
import type { Control } from "umbel/control";
import { storeClock } from "umbel/upstash";
import { lineOf } from "../failure.ts";
import { many } from "../many.ts";
import { clockBeside } from "./clock.ts";
import { bad, type Finding, good, warning } from "./finding.ts";
import { type Access, unreached } from "./unreached.ts";

/** Settings, as a worker of the application would find them. */
export async function lookAtSettings(app: Umbel): Promise<readonly Finding[]> {
  try {
    // Asked as a worker asks it, and of none: that would tell a request, and keep for its log what is wrong.
    const refusal = await readiness(app, async ({ broker }) => await needSigningKeys(broker, [withPushes]))();
    if (refusal === undefined) return [good("settings", "all that a worker needs is set")];
    const { detail }: { readonly detail: string } = await refusal.json();
    return [bad("settings", detail, whereSecretsAre)];
  } catch (error) {
    return [bad("settings", lineOf(error), "set what is named, as the README's table of settings says")];
  }
}

/** Those that umbel dev prints are development's, which everybody knows: they are missing where those are no good. */
const whereSecretsAre =
  "set them: QStash's and Upstash's consoles show those of an account, a gateway of yours has those that it was given";

/** Whether the store answers, and how its clock stands to ours. */
export async function lookAtStore(app: Umbel, control: Control): Promise<readonly Finding[]> {
  return await looked("store", storeAccess, async () => {
    const { active, revoked, events } = await control.status();
    const detail = `answers: ${many(active, "active task")}, ${revoked} revoked, ${many(events, "event")} kept`;
    return [good("store", detail), ...(await lookAtClock(app))];
  });
}

async function lookAtClock({ backend }: Umbel): Promise<readonly Finding[]> {
  const asked = Date.now();
  const time = await storeClock(backend);
  return time === undefined ? [] : [clockBeside("the store's", (asked + Date.now()) / 2 - time)];
}

/** So many dead letters are counted. */
const shown = 10;

/** Whether the broker answers whoever has this token. */
export async function lookAtBroker(control: Control): Promise<readonly Finding[]> {
  return await looked("broker", brokerAccess, async () => {
    const { items } = await control.deadLetters({}, { limit: shown });
    if (items.length === 0) return [good("broker", "answers, and has no dead letters")];
    const fix = "umbel replay --all --dry-run says which they are";
    return [
      warning("broker", `answers; dead letters: ${items.length}${items.length === shown ? " or more" : ""}`, fix),
    ];
  });
}

const storeAccess: Access = {
  address: "UPSTASH_REDIS_REST_URL",
  token: "UPSTASH_REDIS_REST_TOKEN",
  console: "Upstash's console",
};

const brokerAccess: Access = { address: "QSTASH_URL", token: "QSTASH_TOKEN", console: "QStash's console" };

/** What a look comes to; what it throws is a finding too. */
async function looked(what: string, access: Access, look: () => Promise<readonly Finding[]>) {
  try {
    return await look();
  } catch (error) {
    return [unreached(what, access, error)];
  }
}
