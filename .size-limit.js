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
  ...entry("producer", ["45.9 kB", "76.3 kB"]),
  ...entry("sender", ["41 kB", "53.8 kB"]),
  ...entry("worker", ["82.9 kB", "137.5 kB"]),
  ...entry("results", ["49.7 kB", "95 kB"]),
  ...entry("beat", ["82.9 kB", "167.3 kB"]),
  ...entry("memory", ["48.5 kB", "58.9 kB"]),
];
