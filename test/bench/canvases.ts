/**
 * Chains and chords: time, and memory for each member, of the processes and of Redis.
 *
 * @module
 */

import { median, type Trial } from "./trial.ts";
import { forgetPeak, memoryOf, peakOf } from "./usage.ts";

const chain: Trial = {
  name: "chain",
  figures: [{ id: "chain", title: "chain of 10", unit: "ms", better: "less" }],
  async measure(running, { scaled }) {
    const seconds = await running.ask({ scenario: "chain", count: scaled(50), size: 10 });
    return [median(seconds) * 1000];
  },
};

/** The trials of this file, but for the longest. */
export const canvases: readonly Trial[] = [chain, chordOf(100), chordOf(1000)];

/** To be run last: a contender that does not come to its end is busy for longer than anybody waits. */
export const longest: Trial = chordOf(10_000);

function chordOf(members: number): Trial {
  const title = `chord of ${members.toLocaleString("en")}`;
  return {
    name: `chord${members}`,
    figures: [
      { id: `chord${members}`, title, unit: "s", better: "less" },
      { id: `chord${members}-memory`, title: `${title}, memory at its peak`, unit: "KiB/member", better: "less" },
      { id: `chord${members}-redis`, title: `${title}, kept in Redis`, unit: "KiB/member", better: "less" },
    ],
    // Once, and not for ever: Celery takes minutes for the largest.
    ...(members > 1000 && { mostRuns: 1, longest: 600 }),
    async measure({ name, ask, servants }, { scaled, redis }) {
      const size = Math.max(10, scaled(members));
      const keptBefore = await redis?.memory();
      const before = memoryOf(servants);
      forgetPeak(servants);
      const [seconds = Number.NaN] = await ask({ scenario: "chord", count: 1, size });
      const grown = (peakOf(servants) - before) / 1024 / size;
      const kept = await redis?.memory();
      if (kept === undefined || keptBefore === undefined || name === "embedded") return [seconds, grown];
      return [seconds, grown, (kept - keptBefore) / 1024 / size];
    },
  };
}
