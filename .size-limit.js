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
  ...entry("producer", ["22.2 kB", "52.9 kB"]),
  ...entry("sender", ["18.8 kB", "31.6 kB"]),
  ...entry("worker", ["40.7 kB", "95.6 kB"]),
  ...entry("results", ["25.7 kB", "71.5 kB"]),
  ...entry("memory", ["22.3 kB", "32.8 kB"]),
];
