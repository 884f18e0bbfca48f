export { describeBackend } from "./backend.ts";
export type { BackendHarness, StartBackend } from "./backend-harness.ts";
