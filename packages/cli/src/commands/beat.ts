/**
 * `umbel beat`, as it is written.
 *
 * @module
 */

import type { Command } from "commander";
import { examplesOf } from "../examples.ts";
import { sessionOf } from "../session.ts";
import type { LoopFlags } from "./beat-loop.ts";
import { levelOf } from "./level.ts";
import { addMeaningless, type Meaningless, refuseMeaningless } from "./meaningless.ts";
import { optionOf } from "./option.ts";
import { secondsOf } from "./quantity.ts";

/** Adds the command. */
export function addBeat(program: Command): void {
  const beat = program
    .command("beat")
    .description("send what is due, until it is stopped; any number may run, each run is sent once")
    .addOption(
      optionOf(
        "--max-interval <seconds>",
        "longest sleep between two ticks [beatMaxLoopInterval, else 300]; who sends 90 seconds ahead ticks every 45 at the latest",
        secondsOf,
      ),
    )
    .addOption(optionOf("-l, --loglevel <level>", "debug, info, warning, error or critical [workerLogLevel]", levelOf))
    .addHelpText("after", examplesOf("-A ./tasks.ts beat", "-A ./tasks.ts beat -l debug --max-interval 10"))
    .action(async (flags: LoopFlags, command: Command) => {
      refuseMeaningless(flags, meaningless);
      const session = sessionOf(command);
      const found = await session.load();
      const { beatLoop } = await import("./beat-loop.ts");
      await beatLoop(found, session, flags);
    });
  addMeaningless(beat, meaningless);
}

const meaningless: Meaningless = {
  "-s, --schedule <file>": "-s names a file, and beat keeps nothing in one: what was sent is in the store",
  "-S, --scheduler <class>":
    "-S names a class, and there is one scheduler: beat({ store }) takes another place for its entries",
  "--detach": "--detach makes a daemon: have systemd, a container or nohup run the program",
  "--pidfile <file>": "--pidfile keeps a second beat away, and any number may run here: each run is sent once",
  "-f, --logfile <file>": "-f names a file, and beat's log goes to the error output: 2>> beat.log keeps it",
};
