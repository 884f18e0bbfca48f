/**
 * `umbel worker`, as it is written.
 *
 * @module
 */

import { type Command, Option } from "commander";
import { examplesOf } from "../examples.ts";
import { sessionOf } from "../session.ts";
import { levelOf } from "./level.ts";
import { addMeaningless, type Meaningless, refuseMeaningless } from "./meaningless.ts";
import { optionOf } from "./option.ts";
import { delayOf, namesOf, portOf, secondsOf } from "./quantity.ts";
import type { WorkerFlags } from "./worker-service.ts";

/** Adds the command. */
export function addWorker(program: Command): void {
  const worker = program
    .command("worker")
    .description("serve the application's tasks over HTTP, until it is stopped; what runs then is finished first")
    .addHelpText(
      "after",
      examplesOf(
        "-A ./tasks.ts worker",
        "-A ./tasks.ts worker -l debug -E -B",
        "-A ./tasks.ts worker -n mail@shop -Q mail,default --port 8790",
      ),
    )
    .action(async (flags: WorkerFlags, command: Command) => {
      refuseMeaningless(flags, meaningless);
      const session = sessionOf(command);
      const [{ postLookout }, { takeStarter }] = await Promise.all([
        import("../serving/lookout.ts"),
        import("../serving/starter.ts"),
      ]);
      const starter = takeStarter();
      const lookout = postLookout(starter); // Before the module, which may block as well, and be left behind.
      const found = await session.load();
      const { workerService } = await import("./worker-service.ts");
      await workerService(found, { ...session, lookout, starter }, flags);
    });
  for (const option of options) worker.addOption(option);
  addMeaningless(worker, meaningless);
}

const options: readonly Option[] = [
  optionOf("-n, --hostname <name>", "its name; %h stands for this machine's [worker@APP]"),
  optionOf(
    "-Q, --queues <names>",
    "queues that it serves [all]; what comes of others is put off: UMBEL_QUEUES names the worker of each queue",
    namesOf,
  ),
  optionOf("-l, --loglevel <level>", "debug, info, warning, error or critical [workerLogLevel]", levelOf),
  new Option("-E, --task-events", "tell watchers of each task"),
  new Option("-B, --beat", "run beat as well: send what is due"),
  optionOf("--port <port>", "where it listens; 0 is any [8787]", portOf),
  optionOf("--host <address>", "the address that it listens at [127.0.0.1]"),
  optionOf("--heartbeat-interval <seconds>", "between two signs of life, idle or not; 0 for none [30]", delayOf),
  optionOf("--time-limit <seconds>", "hard limit of tasks that have none of their own", secondsOf),
  optionOf("--soft-time-limit <seconds>", "soft limit of tasks that have none of their own", secondsOf),
];

const parallel =
  "how many tasks run at once is the broker's to say: umbel gateway --concurrency 8, or rateLimit: { parallelism: 8 } of a task";
const processes = "a worker has no processes of its own: tasks run in this one";
const daemon = "have systemd, a container or nohup run the program";

const meaningless: Meaningless = {
  "-c, --concurrency <count>": `-c: ${parallel}`,
  "--autoscale <range>": `--autoscale: ${parallel}`,
  "--prefetch-multiplier <count>": `--prefetch-multiplier: nothing is fetched ahead; ${parallel}`,
  "--disable-prefetch": "--disable-prefetch: nothing is fetched ahead, so leave it out",
  "-P, --pool <pool>": `-P: ${processes}`,
  "-O <profile>": `-O: ${processes}`,
  "--max-tasks-per-child <count>": `--max-tasks-per-child: ${processes}`,
  "--max-memory-per-child <size>": `--max-memory-per-child: ${processes}`,
  "-D, --detach": `-D makes a daemon: ${daemon}`,
  "--pidfile <file>": `--pidfile is a daemon's: ${daemon}`,
  "-f, --logfile <file>": "-f names a file, and the worker's log goes to the error output: 2>> worker.log keeps it",
  "-S, --statedb <file>": "-S names a file, and nothing is kept in one: what was revoked is in the store",
  "-s, --schedule-filename <file>": "-s names a file, and beat keeps nothing in one: what was sent is in the store",
  "--scheduler <class>": "--scheduler names a class, and there is one: beat({ store }) takes another place for entries",
  "--purge": "--purge throws waiting messages away: umbel purge does",
  "--discard": "--discard throws waiting messages away: umbel purge does",
  "-X, --exclude-queues <names>":
    "-X: which queues are pushed here is the broker's to say: UMBEL_QUEUES names another worker for a queue",
  "-I, --include <modules>": "-I: import them in the module that -A names",
  "--without-gossip": "--without-gossip: workers do not talk to each other, so leave it out",
  "--without-mingle": "--without-mingle: workers do not talk to each other, so leave it out",
  "--without-heartbeat": "--without-heartbeat: --heartbeat-interval 0 does it",
};
