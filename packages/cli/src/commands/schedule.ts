/**
 * `umbel schedule`, as it is written.
 *
 * @module
 */

import type { Command } from "commander";
import { examplesOf } from "../examples.ts";
import { type Session, sessionOf } from "../session.ts";
import { type BackfillFlags, backfillRange } from "./backfill-range.ts";
import { countOf } from "./quantity.ts";
import type * as scheduleActions from "./schedule-actions.ts";

/** What the commands do; it is loaded when one is called. */
type Actions = typeof scheduleActions;

/** Adds the commands. */
export function addSchedule(program: Command): void {
  const schedule = program
    .command("schedule")
    .description("see and change what beat sends")
    .helpCommand(false)
    .addHelpText(
      "after",
      examplesOf(
        "-A ./tasks.ts schedule list",
        "-A ./tasks.ts schedule next nightly 10",
        "-A ./tasks.ts schedule pause nightly",
        "-A ./tasks.ts schedule backfill nightly --from 2026-01-01 --to 2026-01-08 --dry-run",
      ),
    );
  addLooks(schedule);
  for (const change of changes) addChange(schedule, change);
  addBackfill(schedule);
}

function addLooks(schedule: Command): void {
  schedule
    .command("list")
    .description("all entries, with their next runs in UTC and in their zones")
    .addHelpText("after", examplesOf("-A ./tasks.ts schedule list", "-A ./tasks.ts schedule list --json"))
    .action(async (_flags: object, command: Command) => {
      await act(command, async (actions, session) => await actions.list(session));
    });
  schedule
    .command("next")
    .description("an entry's next runs")
    .argument("<name>", "the entry's name")
    .argument("[count]", "how many", (text) => countOf("schedule next", text), 5)
    .addHelpText("after", examplesOf("-A ./tasks.ts schedule next nightly", "-A ./tasks.ts schedule next nightly 10"))
    .action(async (name: string, count: number, ...[, command]: readonly [object, Command]) => {
      await act(command, async (actions, session) => await actions.next(session, name, count));
    });
}

/** What is done to one entry, and to which one in an example. */
const changes = [
  ["trigger", "nightly", "send an entry's call now, besides its schedule"],
  ["pause", "nightly", "send nothing of an entry until it is resumed; what was sent ahead is taken back"],
  ["resume", "nightly", "send a paused entry again, from now on"],
  ["remove", "monday", "remove an entry that was added at run time, and take back what was sent ahead"],
] as const;

function addChange(schedule: Command, [change, example, description]: (typeof changes)[number]): void {
  schedule
    .command(change)
    .description(description)
    .argument("<name>", "the entry's name")
    .addHelpText("after", examplesOf(`-A ./tasks.ts schedule ${change} ${example}`))
    .action(async (name: string, _flags: object, command: Command) => {
      await act(command, async (actions, session) => await actions[change](session, name));
    });
}

function addBackfill(schedule: Command): void {
  schedule
    .command("backfill")
    .description("send the runs of a stretch of the past; what ran then does not run again")
    .argument("<name>", "the entry's name")
    .requiredOption("--from <instant>", "its first instant, ISO 8601; UTC where no offset is said")
    .requiredOption("--to <instant>", "its last instant")
    .option("--limit <count>", "most runs that may be in it [100]")
    .option("--dry-run", "only say which they are")
    .addHelpText("after", examplesOf("-A ./tasks.ts schedule backfill nightly --from 2026-01-01 --to 2026-01-08"))
    .action(async (name: string, flags: BackfillFlags, command: Command) => {
      const range = backfillRange(flags);
      await act(command, async (actions, session) => await actions.backfill(session, name, range));
    });
}

async function act(command: Command, work: (actions: Actions, session: Session) => Promise<void>): Promise<void> {
  const session = sessionOf(command);
  await session.load(); // What is wrong with it is told before anything else is loaded.
  await work(await import("./schedule-actions.ts"), session);
}
