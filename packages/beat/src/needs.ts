/**
 * What beat cannot do without: a way to know who ticks it.
 *
 * @module
 */

import { apiToken, needSigningKeys, type Ports } from "@umbel/core";
import { type Environment, MissingSettingError, variable } from "@umbel/protocol";
import { tokenSourceOf } from "./caller.ts";
import type { BeatOptions } from "./beat.ts";

/** Throws `MissingSettingError` while nobody can tick who is to. */
export async function needsOf(options: BeatOptions, ports: Ports, environment: Environment): Promise<void> {
  const needToken = (): unknown => apiToken(environment, { ...tokenSourceOf(options), isLocal: true });
  const needKeys = async (): Promise<void> => await needSigningKeys(ports.broker, options.brokers);
  switch (options.tickedBy) {
    case "platform":
      return;
    case "token":
      return void needToken();
    case "broker":
      return await needKeys();
    case undefined:
      if ((await isThere(needToken)) || (await isThere(needKeys))) return;
      // It is told as one name; whoever collects names has a value for each of which it was told.
      if (variable(environment, either) === undefined) throw new MissingSettingError(either, "nobody can tick");
  }
}

const either = "UMBEL_BEAT_TOKEN (or the broker's signing keys)";

async function isThere(need: () => unknown): Promise<boolean> {
  try {
    await need();
    return true;
  } catch (error) {
    if (error instanceof MissingSettingError) return false;
    throw error;
  }
}
