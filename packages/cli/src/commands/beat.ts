/**
 * `umbel beat`: the loop that sends what is due.
 *
 * @module
 */

import process from "node:process";
import { type Command, Option } from "commander";
import type { LogLevel } from "umbel";
import { type Beat, beat as serve, maxIntervalOf, runBeat } from "umbel/beat";
import type { Found } from "../application/find-application.ts";
import { examplesOf } from "../examples.ts";
import { UsageError } from "../failure.ts";
import { sessionOf } from "../session.ts";
import { bannerOf } from "./beat-banner.ts";

/** What can be asked of the loop. */
interface BeatFlags {
  readonly loglevel?: LogLevel;
  readonly maxInterval?: string;
  readonly schedule?: string;
  readonly scheduler?: string;
  readonly detach?: boolean;
}

/** Adds the command. */
export function addBeat(program: Command): void {
  program
    .command("beat")
    .description("send what is due, until it is stopped; any number may run, each run is sent once")
    .option("--max-interval <seconds>", "longest sleep between two ticks [beatMaxLoopInterval, else 300]")
    .addOption(
      new Option("-l, --loglevel <level>", "debug, info, warning, error or critical [workerLogLevel]").argParser(
        levelOf,
      ),
    )
    .addOption(new Option("-s, --schedule <file>").hideHelp())
    .addOption(new Option("-S, --scheduler <class>").hideHelp())
    .addOption(new Option("--detach").hideHelp())
    .addHelpText("after", examplesOf("-A ./tasks.ts beat", "-A ./tasks.ts beat -l debug --max-interval 10"))
    .action(async (flags: BeatFlags, command: Command) => await beat(flags, command));
}

async function beat(flags: BeatFlags, command: Command): Promise<void> {
  refuseMeaningless(flags);
  const session = sessionOf(command);
  const found = await session.load();
  const { app } = found;
  if (flags.loglevel !== undefined) app.conf.update({ workerLogLevel: flags.loglevel });
  const maxInterval = maxIntervalOf(app.conf.beatMaxLoopInterval, flags.maxInterval);
  const beats = scheduleOf(found);
  const now = new Date(app.platform.now());
  for (const line of bannerOf({ app, now, maxInterval })) session.terminal.print(line);
  await runBeat(beats, { signal: toldToStop(), maxInterval });
}

/** The schedule that the module serves; else that of the application's settings, and what was added at run time. */
function scheduleOf({ app, beat: served }: Found): Beat {
  return served ?? serve(app, {}, { tickedBy: "platform" });
}

/** Celery's flags that would set nothing here, and why. */
const meaningless = {
  schedule: "-s names a file, and beat keeps nothing in one: what was sent is in the store",
  scheduler: "-S names a class, and there is one scheduler: beat({ store }) takes another place for its entries",
  detach: "--detach makes a daemon: have systemd, a container or nohup run the program",
} as const satisfies Partial<Record<keyof BeatFlags, string>>;

function refuseMeaningless(flags: BeatFlags): void {
  for (const [flag, why] of Object.entries(meaningless)) if (flag in flags) throw new UsageError(why);
}

const levels: Readonly<Record<string, LogLevel>> = {
  debug: "DEBUG",
  info: "INFO",
  warn: "WARNING",
  warning: "WARNING",
  error: "ERROR",
  critical: "CRITICAL",
  fatal: "CRITICAL",
};

/** A level in whatever writing, and by Python's names too. */
function levelOf(text: string): LogLevel {
  const level = levels[text.toLowerCase()];
  if (level !== undefined) return level;
  throw new UsageError(`-l takes debug, info, warning, error or critical, not "${text}"`);
}

/** Aborts when the process is told to stop; told so twice, it ends at once. */
function toldToStop(): AbortSignal {
  const stop = new AbortController();
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(code);
      stop.abort();
    });
  }
  return stop.signal;
}
