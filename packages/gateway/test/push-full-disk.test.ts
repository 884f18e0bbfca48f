/** A gateway in a process of its own, on a real disk without room. */

import { expect, describe, it } from "vitest";

import { developmentRestToken } from "../src/credentials.ts";
import { developmentToken } from "../src/push/development-keys.ts";
import { type GatewayProcess, kill, runtimes, startProcess } from "./gateway-process.ts";
import { startDestination, until } from "./push-harness.ts";
import { hasSmallDisk, mountDisk } from "./small-disk.ts";

describe.runIf(hasSmallDisk).each(runtimes)("a gateway on %s whose disk is full", (runtime) => {
  it("refuses with 503, stores nothing of that, and loses nothing of what it has accepted", async () => {
    const disk = await mountDisk(16_000_000);
    const destination = await startDestination();
    const gateway = await startProcess(runtime, disk.path, { under: disk.under });
    const accepted: string[] = [];
    const refused: string[] = [];
    const refusals: Response[] = [];
    const send = async (body: string): Promise<void> => {
      const answer = await publish(gateway, destination.url, body);
      (answer.status === 200 ? accepted : refused).push(body);
      if (answer.status !== 200) refusals.push(answer);
    };
    const sendMany = (round: string): Promise<unknown> =>
      Promise.all(Array.from({ length: 32 }, (_, n) => send(`${round}.${n}`)));
    disk.fill(1_000_000);
    for (let round = 0; refused.length < 100; round += 1) await sendMany(`filling ${round}`);

    for (const refusal of refusals) {
      expect([refusal.status, refusal.headers.get("retry-after")]).toEqual([503, "30"]);
      expect(await refusal.json()).toEqual({ error: expect.stringMatching(/disk is full.*try again/) });
    }
    expect(await refusedCommand(gateway)).toEqual([503, { error: expect.stringMatching(/^ERR .*disk is full/) }]);
    expect(gateway.process.exitCode).toBeNull();

    disk.empty();
    await until(async () => (await append(gateway)).status === 200);
    await sendMany("after");
    expect(accepted).toContain("after.31");
    const missing = (): readonly string[] => accepted.filter((body) => !isIn(destination.bodies(), body));
    await until(() => missing().length === 0, "all that was accepted has arrived", 30);

    await kill(gateway);
    const next = await startProcess(runtime, disk.path, { under: disk.under });
    await publish(next, destination.url, "last");
    await until(() => isIn(destination.bodies(), "last"));
    expect(refused.filter((body) => isIn(destination.bodies(), body))).toEqual([]);
  });
});

/** Enough that a few fill the disk. */
const filling = "x".repeat(20_000);

function isIn(bodies: readonly string[], body: string): boolean {
  return bodies.includes(`${body}\n${filling}`);
}

function publish({ url }: GatewayProcess, destination: string, body: string): Promise<Response> {
  return fetch(`${url}/v2/publish/${destination}`, {
    method: "POST",
    headers: { authorization: `Bearer ${developmentToken}` },
    body: `${body}\n${filling}`,
  });
}

/** What is deleted makes room in the file for a few more; then there is none. */
async function refusedCommand(gateway: GatewayProcess): Promise<[number, unknown]> {
  for (;;) {
    const answer = await append(gateway);
    if (answer.status !== 200) return [answer.status, await answer.json()];
  }
}

function append({ restUrl }: GatewayProcess): Promise<Response> {
  return fetch(`${restUrl}/append/key`, {
    method: "POST",
    headers: { authorization: `Bearer ${developmentRestToken}` },
    body: filling,
  });
}
