/**
 * What `umbel events` does: shows what happens, in a view of the whole terminal or a line for each event.
 *
 * @module
 */

import process from "node:process";
import { withoutSaying } from "@umbel/core";
import { control } from "umbel/control";
import { dumpLine, events, type Receiver, type ReceiveOptions } from "umbel/events";
import { lineOf } from "../failure.ts";
import type { Session } from "../session.ts";
import { tellAside } from "../terminal.ts";
import { toldToStop } from "../told-to-stop.ts";
import { jsonWithoutSaying } from "../unsaid.ts";
import { leftOut } from "./left-out.ts";
import { sinceOf } from "./since.ts";

/** What can be asked of it. */
export interface WatchFlags {
  readonly dump?: true;
  /** Seconds. */
  readonly frequency: number;
  readonly since?: string;
  readonly limit?: number;
  readonly timeout?: number;
}

/** Shows it until that is stopped, or as the flags say. Throws `UsageError` for a time that is none. */
export async function watchEvents(session: Session, written: WatchFlags): Promise<void> {
  const flags = { ...written, since: await sinceOf("--since", written.since) };
  const { app } = await session.load();
  const receiver = events(app);
  const stop = toldToStop();
  if (flags.dump === true || session.isJson || !process.stdout.isTTY || !process.stdin.isTTY) {
    return await dump(session, receiver, whichOf(flags, stop));
  }
  await watch(session, receiver, {
    stop,
    flags,
    revoke: async (id, { terminate }) => {
      await control(app).revoke(id, { terminate });
    },
  });
}

/** The same, with the instant that is meant. */
interface EventsFlags extends Omit<WatchFlags, "since"> {
  readonly since: Date | undefined;
}

function whichOf({ since, limit, timeout }: EventsFlags, signal: AbortSignal): ReceiveOptions {
  return {
    signal,
    ...(since === undefined ? {} : { since }),
    ...(limit === undefined ? {} : { limit }),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

async function dump({ terminal, isJson }: Session, receiver: Receiver, which: ReceiveOptions): Promise<void> {
  const memory = new Map<string, string>();
  if (!isJson) terminal.print("-> evdump: starting capture...");
  await receiver.capture({
    ...which,
    onLost: (error) => tellAside(`umbel: the store is lost, and asked again: ${lineOf(error)}`),
    onFound: () => tellAside("umbel: the store answers again"),
    handlers: {
      "*": (event) => terminal.print(isJson ? jsonWithoutSaying(event) : withoutSaying(dumpLine(event, memory))),
    },
  });
  if (receiver.malformed > 0) process.stderr.write(`umbel: ${leftOut(receiver.malformed)}\n`);
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
