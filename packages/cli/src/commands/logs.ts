/**
 * `umbel logs`, as it is written.
 *
 * @module
 */

import type { Command } from "commander";
import { examplesOf } from "../examples.ts";
import { sessionOf } from "../session.ts";
import { loggedStates } from "./logged-states.ts";
import { optionOf } from "./option.ts";
import type { PastFlags } from "./past-tasks.ts";
import { namesOf } from "./quantity.ts";

/** Adds the command. */
export function addLogs(program: Command): void {
  const logs = program
    .command("logs")
    .description("what became of tasks in the recent past, a line for each event that workers have told (-E)")
    .option("--task <name>", "only of this task; * stands for any part of its name")
    .option("--id <id>", "only of this call, or of those whose ids begin so")
    .option("--since <time>", "only from then on: 10m or 2h ago, or an instant [all that is kept]")
    .option("--follow", "go on with what happens, until it is stopped")
    .addHelpText(
      "after",
      examplesOf(
        "-A ./tasks.ts logs --since 10m",
        "-A ./tasks.ts logs --state FAILURE,RETRY --follow",
        "-A ./tasks.ts logs --task 'mail.*' --json",
      ),
    )
    .action(async (flags: PastFlags, command: Command) => {
      const session = sessionOf(command);
      const { tellPast } = await import("./past-tasks.ts");
      await tellPast(session, flags);
    });
  logs.addOption(optionOf("--state <names>", `only of tasks that come to ${loggedStates.join(", ")}`, namesOf));
}
