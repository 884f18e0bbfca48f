/**
 * `umbel events`: what happens, as it happens.
 *
 * @module
 */

import process from "node:process";
import type { Command } from "commander";
import type { dumpLine, Receiver, ReceiveOptions } from "umbel/events";
import { examplesOf } from "../examples.ts";
import { lineOf } from "../failure.ts";
import { type Session, sessionOf } from "../session.ts";
import { tellAside } from "../terminal.ts";
import { toldToStop } from "../told-to-stop.ts";
import { addMeaningless, type Meaningless, refuseMeaningless } from "./meaningless.ts";
import { optionOf } from "./option.ts";
import { countOf, secondsOf } from "./quantity.ts";
import { sinceOf } from "./since.ts";

interface EventsFlags {
  readonly dump?: true;
  /** Seconds. */
  readonly frequency: number;
  readonly since?: Date;
  readonly limit?: number;
  readonly timeout?: number;
}

/** Adds the command. */
export function addEvents(program: Command): void {
  const events = program
    .command("events")
    .description("what happens, as it happens: a view of the whole terminal; a line for each event with --dump")
    .option("-d, --dump", "a line for each event, in Celery's form; so too where no terminal is")
    .addOption(optionOf("-F, --frequency <seconds>", "how often the view is drawn", secondsOf).default(1))
    .addOption(optionOf("--since <time>", "begin in the past: 10m or 2h ago, or an ISO 8601 instant", sinceOf))
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
    .action(async (flags: EventsFlags, command: Command) => {
      refuseMeaningless(flags, meaningless);
      const session = sessionOf(command);
      const { app } = await session.load();
      const [{ events: open, dumpLine: lineFor }, { control }] = await Promise.all([
        import("umbel/events"),
        import("umbel/control"),
      ]);
      const receiver = open(app);
      const stop = toldToStop();
      if (flags.dump === true || session.isJson || !process.stdout.isTTY || !process.stdin.isTTY) {
        return await dump(session, receiver, { which: whichOf(flags, stop), lineFor });
      }
      await watch(session, receiver, {
        stop,
        flags,
        revoke: async (id, { terminate }) => {
          await control(app).revoke(id, { terminate });
        },
      });
    });
  addMeaningless(events, meaningless);
}

const meaningless: Meaningless = {
  "-c, --camera <name>": "-c: snapshots are a function here: snapshots(state) of umbel/events",
  "-r, --maxrate <rate>": "-r: it goes with -c, and snapshots(state) of umbel/events has an interval",
};

function whichOf({ since, limit, timeout }: EventsFlags, signal: AbortSignal): ReceiveOptions {
  return {
    signal,
    ...(since === undefined ? {} : { since }),
    ...(limit === undefined ? {} : { limit }),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

interface Dumping {
  readonly which: ReceiveOptions;
  readonly lineFor: typeof dumpLine;
}

async function dump({ terminal, isJson }: Session, receiver: Receiver, { which, lineFor }: Dumping): Promise<void> {
  const memory = new Map<string, string>();
  if (!isJson) terminal.print("-> evdump: starting capture...");
  await receiver.capture({
    ...which,
    onLost: (error) => tellAside(`umbel: the store is lost, and asked again: ${lineOf(error)}`),
    onFound: () => tellAside("umbel: the store answers again"),
    handlers: { "*": (event) => terminal.print(isJson ? JSON.stringify(event) : lineFor(event, memory)) },
  });
  if (receiver.malformed > 0)
    process.stderr.write(`umbel: ${receiver.malformed} events made no sense, and are left out\n`);
}

interface Watching {
  readonly stop: AbortSignal;
  readonly flags: EventsFlags;
  readonly revoke: (id: string, options: { readonly terminate: boolean }) => Promise<void>;
}

async function watch({ terminal }: Session, receiver: Receiver, { stop, flags, revoke }: Watching): Promise<void> {
  const { showLive } = await import("../live/live-view.ts");
  const closing = new AbortController();
  const signal = AbortSignal.any([stop, closing.signal]);
  let silence: string | undefined = "connecting";
  const capture = receiver
    .capture({
      ...whichOf(flags, signal),
      onReady: () => void (silence = undefined),
      onLost: (error) => void (silence = `connection lost, and tried again until it is back: ${lineOf(error)}`),
      onFound: () => void (silence = undefined),
    })
    .finally(() => closing.abort());
  try {
    await showLive({ receiver, terminal, silence: () => silence, interval: flags.frequency * 1000, revoke }, signal);
  } finally {
    closing.abort();
  }
  await capture;
}
