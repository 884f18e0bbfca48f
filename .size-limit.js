/**
 * What each part weighs in a bundle for workerd, minified and gzipped, from sources: `ours` without what others made.
 *
 * The limits keep what has been reached, with a little room.
 */

const others = [
  "astronomy-engine",
  "temporal-polyfill/*",
  "temporal-utils",
  "temporal-utils/*",
  "hono",
  "hono/*",
  "zod",
  "zod/*",
  "@upstash/*",
  "uuid",
];

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
  ...entry("producer", ["38.2 kB", "68.6 kB"]),
  ...entry("sender", ["34.6 kB", "47.5 kB"]),
  ...entry("worker", ["68.2 kB", "122 kB"]),
  ...entry("results", ["41.8 kB", "87 kB"]),
  ...entry("beat", ["73 kB", "158 kB"]),
  ...entry("memory", ["39.9 kB", "50.3 kB"]),
];
