/**
 * The commands and what all of them have in common.
 *
 * @module
 */

import { Command, Option } from "commander";
import { addBeat } from "./commands/beat.ts";
import { addCall } from "./commands/call.ts";
import { addCeleryCommands } from "./commands/celery-commands.ts";
import { addConf } from "./commands/conf.ts";
import { addControl } from "./commands/control.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addEvents } from "./commands/events.ts";
import { addDev } from "./commands/dev.ts";
import { addGateway } from "./commands/gateway.ts";
import { addGraph } from "./commands/graph.ts";
import { addInspect } from "./commands/inspect.ts";
import { addList } from "./commands/list.ts";
import { addLogs } from "./commands/logs.ts";
import { addPurge } from "./commands/purge.ts";
import { addReplay } from "./commands/replay.ts";
import { addReport } from "./commands/report.ts";
import { addResult } from "./commands/result.ts";
import { addSchedule } from "./commands/schedule.ts";
import { addShell } from "./commands/shell.ts";
import { addStatus } from "./commands/status.ts";
import { addWorker } from "./commands/worker.ts";
import { examplesOf } from "./examples.ts";
import { version } from "./version.ts";

/** Makes the program. Its errors are thrown, `CommanderError` for a command line that cannot be read. */
export function makeProgram(): Command {
  const program = new Command("umbel")
    .description("Celery for the edge: the command line")
    .version(version, "--version", "the version")
    .helpOption("-h, --help", "this text")
    .helpCommand(false)
    .addOption(new Option("-A, --app <module>", "module, or module:export, that has the application").env("UMBEL_APP"))
    .option("-b, --broker <url>", "the broker's address; QSTASH_URL")
    .option("--result-backend <url>", "the store's address; UPSTASH_REDIS_REST_URL")
    .option("--json", "answer in JSON")
    .option("--debug", "tell of an error with its stack")
    .option("--no-color", "no colours; there are none either where no terminal is, or with NO_COLOR")
    .exitOverride()
    .configureOutput({ outputError: () => undefined }) // It is told where all errors are.
    .addHelpText(
      "after",
      examplesOf("dev ./app.ts", "-A ./tasks.ts call tasks.add -a '[2, 2]'", "-A shop.ts:app worker -l debug"),
    );
  for (const add of commands) add(program);
  return program;
}

/** In the order in which the help has them. */
const commands: readonly ((program: Command) => void)[] = [
  addDev,
  addWorker,
  addBeat,
  addGateway,
  addCall,
  addResult,
  addStatus,
  addInspect,
  addControl,
  addEvents,
  addPurge,
  addReplay,
  addLogs,
  addSchedule,
  addList,
  addGraph,
  addShell,
  addConf,
  addReport,
  addDoctor,
  addCeleryCommands,
];
