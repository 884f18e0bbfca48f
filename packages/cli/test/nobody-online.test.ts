import { openGateway } from "@umbel/test/gateway";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tasksModule } from "./tasks-worker.ts";
import { type Answer, umbel } from "./umbel.ts";

/** Where calls are to be pushed to, and nobody is. */
const target = "http://127.0.0.1:9";
let gateway: Awaited<ReturnType<typeof openGateway>>;

beforeAll(async () => {
  gateway = await openGateway();
});

afterAll(async () => await gateway.close());

async function run(line: string): Promise<Answer> {
  const environment = { ...gateway.variables, UMBEL_WORKER_URL: target };
  return await umbel(["-A", tasksModule, ...line.split(" ")], { environment });
}

describe("umbel inspect while no worker is online", () => {
  it("shows what waits, and for whom: nobody has said there that it is well, and nobody is counted", async () => {
    await run("call tasks.add -a [1,2] --task-id later --countdown 600");

    const { code, stdout } = await run("inspect scheduled");

    expect(code).toBe(0);
    expect(stdout).toMatch(/^->  http:\/\/127\.0\.0\.1:9: not online\n[^]*"id": "later"/);
    expect(stdout).toMatch(/\n\n0 nodes online\.\n$/);
  });

  it("has the store answer for what all share, which is no node", async () => {
    const { code, stdout } = await run("inspect revoked");

    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "->  store@tasks: OK\n    - empty -\n\n0 nodes online.\n",
    });
  });
});
