import { describeBackend } from "@umbel/conformance";
import { memoryBackend } from "@umbel/memory";

describeBackend("memory", () => {
  let now = Date.UTC(2026, 0, 1);
  return {
    backend: memoryBackend({ now: () => now }),
    moment: 1,
    pass: async (seconds) => void (now += seconds * 1000),
  };
});
