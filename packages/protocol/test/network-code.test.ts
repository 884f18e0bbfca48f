import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { networkCode } from "../src/network-code.ts";

/** Deno and workerd say why in their sentence only. */
const tellsCodes = /^(?:Node|Bun)/.test(navigator.userAgent);

it.runIf(tellsCodes)("is what the runtime calls a connection that nobody takes", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  server.close();
  await once(server, "close");

  const thrown: unknown = await fetch(`http://127.0.0.1:${port}`).catch((error: unknown) => error);

  expect(networkCode(thrown)).toBe("ECONNREFUSED");
});

it.each([
  [Object.assign(new TypeError("ECONNREFUSED: Unable to connect"), { code: "ECONNREFUSED" }), "ECONNREFUSED"],
  [new TypeError("in 3 seconds"), undefined],
  [new DOMException("too late", "TimeoutError"), undefined],
  ["text", undefined],
])("is there where an error has one: %s", (thrown, code) => {
  expect(networkCode(thrown)).toBe(code);
});
