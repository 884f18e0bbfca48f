/**
 * What a tick of beat costs over many entries.
 *
 * @module
 */

import { watched } from "./budget.ts";
import type { Trial } from "./trial.ts";

/** Entries, and those of them that are due. */
const entries = 10_000;
const due = 50;

const tick: Trial = {
  name: "tick-time",
  figures: [
    { id: "tick", title: "tick, 10,000 entries, 50 of them due", unit: "ms", better: "less" },
    { id: "tick-trips", title: "its round trips to the store", unit: "", better: "less" },
    { id: "tick-publish", title: "its publish calls", unit: "", better: "less" },
    { id: "tick-memory", title: "memory of the process that ticks", unit: "MiB", better: "less" },
  ],
  contenders: ["embedded", "redis"],
  async measure({ ask }, { scaled }) {
    const asked = { count: scaled(entries), size: due };
    await ask({ scenario: "prepareTick", ...asked });
    const [seconds = Number.NaN, ...counted] = await ask({ scenario: "tick", ...asked });
    return [seconds * 1000, ...counted];
  },
};

const commands: Trial = {
  name: "tick-commands",
  figures: [
    { id: "tick-commands", title: "Redis commands of such a tick, as sent", unit: "", better: "less" },
    { id: "tick-commands-all", title: "Redis commands of it, with those in scripts", unit: "", better: "less" },
  ],
  contenders: ["redis"],
  mostRuns: 1,
  async measure(running, setting) {
    const question = { count: setting.scaled(entries), size: due };
    await running.ask({ scenario: "prepareTick", ...question });
    return await watched(running, setting, async (watch) => {
      await running.ask({ scenario: "tick", ...question });
      return [watch.sent(), watch.all()];
    });
  },
};

/** The trials of this file. */
export const ticks: readonly Trial[] = [tick, commands];
