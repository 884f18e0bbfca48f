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
  ...entry("producer", ["21.6 kB", "52 kB"]),
  ...entry("sender", ["18.7 kB", "32 kB"]),
  ...entry("worker", ["38.7 kB", "93.5 kB"]),
  ...entry("results", ["24.7 kB", "70.2 kB"]),
  ...entry("memory", ["22 kB", "32.3 kB"]),
];
