/**
 * `umbel events`, as it is written.
 *
 * @module
 */

import type { Command } from "commander";
import { examplesOf } from "../examples.ts";
import { sessionOf } from "../session.ts";
import { addMeaningless, type Meaningless, refuseMeaningless } from "./meaningless.ts";
import { optionOf } from "./option.ts";
import { countOf, secondsOf } from "./quantity.ts";
import type { WatchFlags } from "./watch-events.ts";

/** Adds the command. */
export function addEvents(program: Command): void {
  const events = program
    .command("events")
    .description("what happens, as it happens: a view of the whole terminal; a line for each event with --dump")
    .option("-d, --dump", "a line for each event, in Celery's form; so too where no terminal is")
    .addOption(optionOf("-F, --frequency <seconds>", "how often the view is drawn", secondsOf).default(1))
    .option("--since <time>", "begin in the past: 10m or 2h ago, or an ISO 8601 instant")
    .addOption(optionOf("--limit <count>", "end after so many events", countOf))
    .addOption(optionOf("--timeout <seconds>", "end when nothing has come for so long", secondsOf))
    .addHelpText(
      "after",
      examplesOf(
        "-A ./tasks.ts events",
        "-A ./tasks.ts events --dump --since 10m",
        "-A ./tasks.ts events --dump --json --limit 100",
      ),
    )
    .action(async (flags: WatchFlags, command: Command) => {
      refuseMeaningless(flags, meaningless);
      const session = sessionOf(command);
      const { watchEvents } = await import("./watch-events.ts");
      await watchEvents(session, flags);
    });
  addMeaningless(events, meaningless);
}

const meaningless: Meaningless = {
  "-c, --camera <name>": "-c: snapshots are a function here: snapshots(state) of umbel/events",
  "-r, --maxrate <rate>": "-r: it goes with -c, and snapshots(state) of umbel/events has an interval",
};
