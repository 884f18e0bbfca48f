import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { freePorts } from "../src/ports.ts";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A port that is taken until the test ends. */
async function taken(): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("freePorts", () => {
  it("passes over a port that is taken", async () => {
    const port = await taken();

    const [found = 0] = await freePorts([port], "127.0.0.1");

    expect(found).toBeGreaterThan(port);
  });

  it("gives no port twice", async () => {
    const port = await taken();

    const found = await freePorts([port, port, port + 1], "127.0.0.1");

    expect(new Set(found).size).toBe(3);
  });
});
