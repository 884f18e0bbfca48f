/**
 * Which tests run on every runtime: all of a package that a user's application is made of, the conformance suites on
 * each adapter, and the flow of tasks through all of them.
 *
 * @module
 */

/** Patterns of the files. */
export const testFiles: readonly string[] = [
  "packages/{protocol,canvas,signals,core,worker,beat,memory,qstash,upstash-redis,testing}/test/**/*.test.ts",
  "test/flow/**/*.test.ts",
];

/** What a start-up is tried with: a few of each kind. */
export const quickFiles: readonly string[] = [
  "packages/core/test/platform",
  "packages/signals/test/signal",
  "packages/memory/test/backend",
  "packages/qstash/test/qstash",
  "test/flow/calls",
];

/** What cannot run on workerd, with the reason. The rest of it is tried there in another way, or has nothing to try. */
export const notOnWorkerd: Readonly<Record<string, string>> = {
  "packages/testing/test/**": "thousands of simulated runs take minutes there",
  "packages/protocol/test/traceback-runtimes.test.ts": "starts the other runtimes as processes",
  "test/flow/backends-agree.test.ts": "the gateway's engine is in its process, and needs SQLite",
  "test/flow/store-scripts.test.ts": "starts a redis-server, and the gateway's engine is in its process",
  "test/flow/upstash-redis-cluster.test.ts": "starts a redis-server",
  "test/flow/upstash-redis.test.ts": "starts a gateway in its process; served-app.ts has one outside",
  "test/flow/qstash.test.ts": "starts a gateway in its process; served-app.ts has one outside",
};
