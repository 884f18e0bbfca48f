/**
 * Watches while something happens: a line for each event, or all fields of its task or worker as well.
 *
 * @module
 */

import { events, monitorLine, monitorLines, type Receiver } from "umbel/events";
import { app } from "./tasks.ts";

/** A monitor that runs. */
export interface Monitor {
  readonly receiver: Receiver;
  /** Prints what has come until now, and stops. */
  stop(): Promise<void>;
}

/** Starts one; resolves once it misses nothing any more. */
export async function startMonitor({ isVerbose = false }: { readonly isVerbose?: boolean } = {}): Promise<Monitor> {
  const receiver = events(app);
  const over = new AbortController();
  const { promise: ready, resolve: onReady } = Promise.withResolvers<void>();
  const watching = receiver.capture({
    onReady,
    signal: over.signal,
    handlers: {
      "monitor-stopped": () => over.abort(),
      "*"(event) {
        const lines = isVerbose ? monitorLines(event, receiver.state) : [monitorLine(event, receiver.state)];
        console.log(lines.join("\n"));
      },
    },
  });
  await ready;
  return {
    receiver,
    async stop() {
      await app.sendEvent("monitor-stopped");
      await watching;
    },
  };
}
