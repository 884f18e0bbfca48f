/**
 * Which tests run on every runtime: all of a package that a user's application is made of, the conformance suites on
 * each adapter, and the flow of tasks through all of them.
 *
 * @module
 */

/** Patterns of the files. */
export const testFiles: readonly string[] = [
  "packages/{protocol,canvas,signals,core,worker,beat,events,memory,qstash,upstash-redis,testing}/test/**/*.test.ts",
  "test/flow/**/*.test.ts",
];

/** What a start-up is tried with: a few of each kind. */
export const quickFiles: readonly string[] = [
  "packages/core/test/platform",
  "packages/signals/test/signal",
  "packages/memory/test/backend",
  "packages/qstash/test/qstash",
  "test/flow/calls",
  "test/flow/upstash-redis-cluster",
];

/** What cannot run on workerd, with the reason. What a test needs from outside, a gateway or a store, is lent to it there. */
export const notOnWorkerd: Readonly<Record<string, string>> = {
  "packages/beat/test/crontab-celery.test.ts": "asks Celery's parser, in Python",
  "packages/beat/test/crontab-zones.test.ts": "asks for time zones in Python",
  "packages/core/test/settings-page.test.ts": "compares a page with tables, which are the same everywhere",
  "packages/events/test/celery-state.test.ts": "asks Celery's own model, in Python",
  "packages/protocol/test/traceback-runtimes.test.ts": "starts the other runtimes as processes",
  "packages/worker/test/background.test.ts": "pretends to be on each platform in turn",
  "packages/worker/test/reach.test.ts": "pretends to be on each platform in turn",
  "packages/worker/test/version.test.ts": "reads the package's own file, which is the same everywhere",
  "test/flow/acks-early-faults.test.ts": "draws so many canvases that it would take minutes there",
  "test/flow/beat-gateway.test.ts": "serves a worker and a beat at addresses of their own",
  "test/flow/control-gateway.test.ts": "serves a worker at an address of its own",
  "test/flow/message-sizes.test.ts":
    "counts the bytes of messages, which are the same everywhere, and takes minutes there",
  "test/flow/lifecycle-gateway.test.ts": "serves a worker at an address of its own",
  "test/flow/places-gateway.test.ts": "serves a worker at an address of its own",
  "test/flow/rate-limit-gateway.test.ts": "serves a worker at an address of its own",
  "test/flow/schedules-gateway.test.ts": "serves a worker and a beat at addresses of their own",
  "test/flow/scale.test.ts": "serves a worker at an address of its own",
  "test/flow/store-scripts.test.ts":
    "tries the gateway's own engine, which needs SQLite, against a Redis: no adapter's code",
  "test/flow/target-travels.test.ts": "serves workers at addresses of their own",
};

/** What is replaced there, and by what: a name that a test imports, as it stands there. */
export const onWorkerdInstead: Readonly<Record<string, string>> = {
  "node:fs": "files.ts",
  "node:child_process": "programs.ts",
  "../store.ts": "outside/store.ts",
  "../gateway.ts": "outside/gateway.ts",
  "../endpoint.ts": "outside/endpoint.ts",
};
