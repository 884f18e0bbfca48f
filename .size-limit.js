/**
 * What each part weighs in a bundle for workerd, minified and gzipped, from sources: `ours` without what others made.
 *
 * The limits keep what has been reached, with a little room.
 */

const others = ["hono", "hono/*", "zod", "zod/*", "@upstash/*", "uuid"];

function bundled(config) {
  return {
    ...config,
    format: "esm",
    target: "es2022",
    conditions: ["@umbel/source", "workerd", "worker", "browser"],
    external: [...(config.external ?? []), "node:*"],
  };
}

function entry(part, [ours, all]) {
  const common = { path: `test/sizes/${part}.ts`, gzip: true, modifyEsbuildConfig: bundled };
  return [
    { name: `${part}, ours`, ...common, ignore: others, limit: ours },
    { name: `${part}, all`, ...common, limit: all },
  ];
}

export default [
  ...entry("producer", ["37.8 kB", "68.4 kB"]),
  ...entry("sender", ["34.2 kB", "47.3 kB"]),
  ...entry("worker", ["67.7 kB", "121.7 kB"]),
  ...entry("results", ["41.4 kB", "86.8 kB"]),
  ...entry("memory", ["38.9 kB", "49.6 kB"]),
];
