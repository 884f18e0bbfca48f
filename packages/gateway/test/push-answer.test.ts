import { expect, it } from "vitest";

import { type Reply, startDestination, until } from "./push-harness.ts";
import { runtimes, startProcess } from "./gateway-process.ts";

/** An answer that a destination gives, and what a callback then tells: the status and the body. */
interface Sample {
  readonly path: string;
  readonly reply: Reply;
  readonly told: readonly unknown[];
  /** How often it sees the message. */
  readonly arrivals: number;
}

const samples: readonly Sample[] = [
  {
    path: "/another-protocol",
    reply: (_arrival, response) => {
      response.socket?.end("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n");
    },
    told: [0, "The connection was closed without an answer"],
    arrivals: 1,
  },
  {
    path: "/broken-off",
    reply: (_arrival, response) => {
      response.writeHead(200, { "Content-Length": "100" });
      response.write("half", () => response.destroy());
    },
    told: [0, expect.stringMatching(/^The answer broke off: ./)],
    arrivals: 1,
  },
  {
    path: "/reset",
    reply: (_arrival, response) => void response.socket?.resetAndDestroy(),
    told: [0, expect.stringMatching(/./)],
    // The connection had been idle, so it is tried once more, by a new one.
    arrivals: 2,
  },
  {
    path: "/odd-header",
    reply: (_arrival, response) => {
      response.socket?.end("HTTP/1.1 200 OK\r\n__proto__: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    },
    told: [200, "ok"],
    arrivals: 1,
  },
  {
    path: "/without-end",
    reply: (_arrival, response) => void response.write("x".repeat(2_000_000)),
    told: [200, "x".repeat(1_048_576)],
    arrivals: 1,
  },
];

it.each(runtimes)("on %s every answer ends the delivery, and none is more than a megabyte", async (runtime) => {
  const told = await startDestination();
  const destination = await startDestination((arrival, response, count) => {
    const sample = samples.find(({ path }) => path === arrival.url);
    if (sample) sample.reply(arrival, response, count);
    else response.end();
  });
  const { client } = await startProcess(runtime, ":memory:");
  const deliver = async (path: string): Promise<unknown> => {
    const before = told.arrivals.length;
    await client.publish({ url: `${destination.url}${path}`, retries: 0, callback: told.url });
    await until(() => told.arrivals.length > before, `an end of ${path}`);
    const { status, body }: { status: number; body: string } = JSON.parse(told.bodies()[before] ?? "");
    return [status, atob(body)];
  };

  for (const { path, told: expected, arrivals } of samples) {
    // Leaves a connection to use again.
    await deliver("/plain");
    expect(await deliver(path)).toEqual(expected);
    expect(destination.arrivals.filter(({ url }) => url === path)).toHaveLength(arrivals);
  }
});
