/** One installation on four runtimes at once: the worker app and the web app as server processes, behind one gateway. */

import { app, stamp } from "@umbel/app-worker/tasks";
import type { Whereabouts } from "@umbel/app-worker/whereabouts";
import { lendConnections } from "@umbel/core";
import { chain, chord } from "umbel";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { serve } from "../serve.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { type RuntimeName, runtimeNames, versionOf } from "./served-app.ts";
import { listen, pollUntilReady, post } from "./web-client.ts";

const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";
/** Seconds for which a connection may be silent where a runtime is left to itself: Bun's patience, the shortest. */
const patience = 10;
/** Seconds: longer than that, also where the first to be told on a connection is told late. */
const long = 2 * patience;
const [bun, deno, workerd, node] = ["bun", "deno", "workerd", "node"] as const;

describe.each(isFull ? [bun, deno, node] : [bun])("behind a gateway on %s, four runtimes", (gateway) => {
  let fleet: Fleet;
  let lent: Disposable;

  beforeAll(async () => {
    fleet = await startFleet(gateway);
    lent = lendConnections(app, fleet.connections);
  });

  afterAll(async () => {
    lent[Symbol.dispose]();
    await fleet.stop();
  });

  it("run the same task, each in the process that was started for it", async () => {
    const stamps = await Promise.all(runtimeNames.map(stampOn));

    expect(stamps.map(({ runtime, version }) => ({ runtime, version }))).toEqual(
      runtimeNames.map((runtime) => ({ runtime, version: versionOf(runtime) })),
    );
    const pids = runtimeNames.map((runtime) => String(fleet.workers[runtime].pid));
    expect(stamps.map((each) => each.process)).toEqual(
      pids.with(runtimeNames.indexOf(workerd), expect.stringMatching(/^[\da-f-]{36}$/)),
    );
    expect(new Set(stamps.map((each) => each.process)).size).toBe(4);
  });

  it("pass a chain on from one to the next", async () => {
    const journey = chain(
      stamp.s([]).set({ queue: bun }),
      stamp.s().set({ queue: deno }),
      stamp.s().set({ queue: workerd }),
      stamp.s().set({ queue: node }),
      stamp.s().set({ queue: workerd }),
    );

    const stamps = await (await journey.delay()).get();

    expect(stamps.map(({ runtime }) => runtime)).toEqual([bun, deno, workerd, node, workerd]);
  });

  it.each(runtimeNames)("join a chord whose members are on all of them with a body on %s", async (queue) => {
    const members = runtimeNames.map((member) => stamp.s([]).set({ queue: member }));

    const result = await chord(members, stamp.s().set({ queue })).delay();

    expect((await result.get()).map(({ runtime }) => runtime)).toEqual([...runtimeNames, queue]);
  });

  it.each(runtimeNames)(
    "answer 202 from a handler on %s, whose page polls and streams the crawl that it started",
    async (runtime) => {
      const site = await startSite();
      const web = fleet.webs[runtime];

      const { status, location, links } = await post(`${web}/crawl`, { url: site });

      expect({ status, location }).toEqual({ status: 202, location: links.self });
      const [polled, heard] = await Promise.all([pollUntilReady(web + links.self), listen(web + links.stream)]);
      expect(polled).toMatchObject({ state: "SUCCESS", summary: { pages: 2 } });
      expect(heard.at(-1)?.text).toContain('"state":"SUCCESS"');
    },
  );

  it.each(runtimeNames)("give a page on %s signed links to the task that it called", async (runtime) => {
    const web = fleet.webs[runtime];

    const { status, location, links } = await post(`${web}/tasks/demo.stamp`, { args: [[]] });

    expect({ status, location }).toEqual({ status: 202, location: links.self });
    const [polled, heard] = await Promise.all([pollUntilReady(web + links.self), listen(web + links.stream)]);
    expect(polled).toMatchObject({ state: "SUCCESS", result: [{ runtime }] });
    expect(heard.at(-1)?.text).toContain("SUCCESS");
  });

  it.runIf(isFull)("let a push last, and a stream be silent, for longer than any of them would by itself", async () => {
    const ends = await Promise.all(runtimeNames.map(restOn));

    expect(ends).toEqual(runtimeNames.map((runtime) => ({ runtime, pushes: 1, isSilent: true, last: "SUCCESS" })));
    // The connections have been idle meanwhile; nobody is to push into one that is being closed.
    expect((await Promise.all(runtimeNames.map(stampOn))).map(({ runtime }) => runtime)).toEqual(runtimeNames);
  });

  /** A page on this runtime calls a long task, which its worker runs on the same, and listens until the end. */
  async function restOn(runtime: RuntimeName) {
    const url = fleet.webs[runtime];
    const { id, links } = await post(`${url}/tasks/demo.rest`, { args: [long] });
    const heard = await listen(url + links.stream);
    const states = heard.filter(({ text }) => text.startsWith("event: state"));
    const [before, last] = states.slice(-2).map(({ after }) => after);
    const pushes = fleet.workers[runtime].output().split(`demo.rest[${id}] received`).length - 1;
    const isSilent = (last ?? 0) - (before ?? 0) > patience + 1;
    return { runtime, pushes, isSilent, last: /"state":"(\w+)"/.exec(states.at(-1)?.text ?? "")?.[1] };
  }
});

/** Where the worker of a queue says that it runs. */
async function stampOn(queue: RuntimeName): Promise<Whereabouts> {
  const [own] = await (await stamp.s([]).applyAsync({ queue })).get();
  if (own === undefined) throw new Error(`${queue} has left no stamp`);
  return own;
}

/** A site of two pages; it does not outlive the test. */
async function startSite(): Promise<string> {
  const pages: Readonly<Record<string, string>> = { "/": '<a href="/second">on</a>', "/second": "<p>The end.</p>" };
  const site = await serve(({ url }) => {
    const headers = { "content-type": "text/html" };
    return new Response(pages[new URL(url).pathname] ?? "", { headers });
  });
  onTestFinished(async () => await site.stop());
  return `${site.url}/`;
}
