/**
 * An address on loopback that is known before the server behind it has started: bytes are passed on as they come.
 *
 * So a server binds whatever port it gets and prints it, although others were told its address before. Nothing of the
 * connection is the doorway's own: how long it may be silent, and who ends it, is up to the two at its ends.
 *
 * @module
 */

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream/promises";

/** A doorway that stands open. */
export interface Doorway {
  /** Scheme, host and port. */
  readonly url: string;
  /** Leads to this port of loopback from now on. Until it leads anywhere, whoever comes is turned away. */
  readonly leadTo: (port: number) => void;
  readonly close: () => Promise<void>;
}

/** Opens one on a free port. */
export async function openDoorway(): Promise<Doorway> {
  const open = new Set<Socket>();
  let target: number | undefined;
  const server = createServer({ allowHalfOpen: true }, (caller) => {
    open.add(caller);
    caller.once("close", () => open.delete(caller));
    if (target === undefined) return void caller.destroy();
    pass(caller, connect({ port: target, host: "127.0.0.1", allowHalfOpen: true }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The doorway has no port");

  return {
    url: `http://127.0.0.1:${address.port}`,
    leadTo: (port) => void (target = port),
    async close() {
      server.close();
      for (const caller of open) caller.destroy();
      await once(server, "close");
    },
  };
}

/** A connection that breaks on one side breaks on the other. */
function pass(caller: Socket, server: Socket): void {
  const breaks = () => {
    caller.destroy();
    server.destroy();
  };
  Promise.all([pipeline(caller, server), pipeline(server, caller)]).catch(breaks);
}
