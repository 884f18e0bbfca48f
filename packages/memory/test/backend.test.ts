import { type BackendHarness, describeBackend } from "@umbel/conformance";
import { memoryBackend, type MemoryBackendOptions } from "@umbel/memory";
import { MessageTooLargeError } from "@umbel/protocol";
import { describe, expect, it } from "vitest";

describeBackend("memory", () => start());
describeBackend("memory with a limit", () => start({ maxRequestSize: 100_000_000 }));

describe("a memory backend with a limit", () => {
  it("refuses a request that is larger, and has stored nothing of it", async () => {
    const backend = memoryBackend({ maxRequestSize: 1000 });

    await expect(backend.save("state", "é".repeat(500), 60)).rejects.toThrow(MessageTooLargeError);
    await expect(backend.save("state", "é".repeat(500), 60)).rejects.toThrow("memory: save has 1002 bytes");

    expect(await backend.load("state")).toBeUndefined();
  });

  it("takes what fits", async () => {
    const backend = memoryBackend({ maxRequestSize: 1000 });

    await backend.save("state", "é".repeat(499), 60);

    expect(await backend.load("state")).toHaveLength(499);
  });
});

function start(options: MemoryBackendOptions = {}): BackendHarness {
  let now = Date.UTC(2026, 0, 1);
  return {
    backend: memoryBackend({ now: () => now, ...options }),
    moment: 1,
    pass: async (seconds) => void (now += seconds * 1000),
  };
}
