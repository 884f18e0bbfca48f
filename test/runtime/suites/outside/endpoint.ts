/**
 * test/endpoint.ts for workerd: the pushes come to an endpoint outside, which is answered for from here.
 *
 * @module
 */

import type { PushReply, ReceivedPush } from "@umbel/conformance";
import type * as there from "../../../endpoint.ts";
import { borrow } from "./borrow.ts";

/** Starts an endpoint on a free port. */
export const startEndpoint: typeof there.startEndpoint = async () => {
  const { url, ask } = await borrow<{ readonly url: string }>("holdEndpoint");
  const pushes: ReceivedPush[] = [];
  let reply: (push: ReceivedPush) => PushReply | Promise<PushReply> = ok;
  const answering = answer();

  return {
    url,
    pushes,
    answer: (next) => void (reply = next),
    async stop() {
      await ask("stop");
      await answering;
    },
  };

  async function answer(): Promise<void> {
    for (;;) {
      const push = await ask<ReceivedPush | null>("next");
      if (push === null) return;
      pushes.push(push);
      await ask("reply", await reply(push));
    }
  }
};

function ok(): PushReply {
  return { status: 200 };
}
