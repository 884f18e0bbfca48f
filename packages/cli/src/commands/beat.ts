/**
 * `umbel beat`, as it is written.
 *
 * @module
 */

import { type Command, Option } from "commander";
import { examplesOf } from "../examples.ts";
import { UsageError } from "../failure.ts";
import { sessionOf } from "../session.ts";
import type { LoopFlags } from "./beat-loop.ts";
import { levelOf } from "./level.ts";
import { secondsOf } from "./quantity.ts";

/** Adds the command. */
export function addBeat(program: Command): void {
  program
    .command("beat")
    .description("send what is due, until it is stopped; any number may run, each run is sent once")
    .addOption(
      new Option(
        "--max-interval <seconds>",
        "longest sleep between two ticks [beatMaxLoopInterval, else 300]; who sends 90 seconds ahead ticks every 45 at the latest",
      ).argParser((text) => secondsOf("--max-interval", text)),
    )
    .addOption(
      new Option("-l, --loglevel <level>", "debug, info, warning, error or critical [workerLogLevel]").argParser(
        levelOf,
      ),
    )
    .addOption(new Option("-s, --schedule <file>").hideHelp())
    .addOption(new Option("-S, --scheduler <class>").hideHelp())
    .addOption(new Option("--detach").hideHelp())
    .addOption(new Option("--pidfile <file>").hideHelp())
    .addOption(new Option("-f, --logfile <file>").hideHelp())
    .addHelpText("after", examplesOf("-A ./tasks.ts beat", "-A ./tasks.ts beat -l debug --max-interval 10"))
    .action(async (flags: LoopFlags, command: Command) => {
      refuseMeaningless(flags);
      const { terminal, load } = sessionOf(command);
      const found = await load();
      const { beatLoop } = await import("./beat-loop.ts");
      await beatLoop(found, terminal, flags);
    });
}

/** Celery's flags that would set nothing here, and why. */
const meaningless = {
  schedule: "-s names a file, and beat keeps nothing in one: what was sent is in the store",
  scheduler: "-S names a class, and there is one scheduler: beat({ store }) takes another place for its entries",
  detach: "--detach makes a daemon: have systemd, a container or nohup run the program",
  pidfile: "--pidfile keeps a second beat away, and any number may run here: each run is sent once",
  logfile: "-f names a file, and beat's log goes to the error output: 2>> beat.log keeps it",
} as const;

function refuseMeaningless(flags: object): void {
  for (const [flag, why] of Object.entries(meaningless)) if (flag in flags) throw new UsageError(why);
}
