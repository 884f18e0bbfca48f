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
  ...entry("producer", ["41.4 kB", "71.8 kB"]),
  ...entry("sender", ["36.9 kB", "49.8 kB"]),
  ...entry("worker", ["77.5 kB", "132.2 kB"]),
  ...entry("results", ["45.3 kB", "90.7 kB"]),
  ...entry("beat", ["76.2 kB", "161 kB"]),
  ...entry("memory", ["44 kB", "54.5 kB"]),
];
