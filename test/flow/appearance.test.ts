/** A worker that is asked whether it serves, and says so to whoever watches. */

import { BackendUnavailable, type LogRecord } from "umbel";
import { worker } from "umbel/worker";
import { describe, expect, it } from "vitest";
import { announcementsIn, eventsIn } from "./watched.ts";
import { world } from "./world.ts";

/** Keeps what is logged. */
function logKept() {
  const records: LogRecord[] = [];
  return {
    take: (record: LogRecord) => void records.push(record),
    messages: () => records.map(({ message }) => message),
  };
}

describe("a health check", () => {
  it("shows a worker that announces itself before its first message, once in each interval", async () => {
    const { app, backend, clock } = world({});
    const endpoint = worker(app, { announce: true });

    for (let turn = 0; turn < 5; turn += 1) {
      expect((await endpoint.request("http://worker.example:8787/")).status).toBe(200);
      await clock.advance(15);
    }

    const said = (await announcementsIn({ backend })).get("worker@tasks");
    expect(said).toMatchObject({ app: "tasks", url: "http://worker.example:8787" });
    const told = await eventsIn({ backend });
    expect(told.map(({ type }) => type)).toEqual(["worker-online", "worker-heartbeat", "worker-heartbeat"]);
  });

  it("of a stranger's does not say where the worker is reached, once that is known", async () => {
    const { app, backend, clock } = world({});
    const endpoint = worker(app, { announce: true });

    await endpoint.request("http://worker.example:8787/");
    await clock.advance(60);
    await endpoint.request("http://stranger.example/");

    const said = (await announcementsIn({ backend })).get("worker@tasks");
    expect(said).toMatchObject({ url: "http://worker.example:8787" });
  });

  it("asks a store that is away once in each interval", async () => {
    const { app, ports, clock } = world({ log: () => undefined });
    const asked: number[] = [];
    const away = () => {
      asked.push(clock.now());
      throw new BackendUnavailable("gone");
    };
    for (let turn = 0; turn < 8; turn += 1) ports.before("renew", away);
    const endpoint = worker(app, { announce: true });

    for (let turn = 0; turn < 8; turn += 1) {
      await endpoint.request("http://worker.example/");
      await clock.advance(10);
    }

    expect(asked).toHaveLength(3);
  });

  it("asks nothing of a store where nobody has said so", async () => {
    const { app, backend } = world({});

    await worker(app).request("http://worker.example/");

    expect((await announcementsIn({ backend })).size).toBe(0);
  });

  it("is good though the store is away: that is told in the log", async () => {
    const log = logKept();
    const { app, ports } = world({ log: log.take });
    ports.before("renew", () => {
      throw new BackendUnavailable("gone");
    });

    const response = await worker(app, { announce: true }).request("http://worker.example/");

    expect(response.status).toBe(200);
    expect(log.messages()).toContainEqual(expect.stringMatching(/^Nobody was told that worker@tasks serves: .*gone/));
  });
});
