/**
 * The gateway's flags and variables: what each is for, and what holds without it.
 *
 * @module
 */

/** The name of a flag that takes a value. */
export type Flag =
  | "port"
  | "rest-port"
  | "host"
  | "data"
  | "concurrency"
  | "max-body"
  | "max-timeout"
  | "keep-dead-letters"
  | "request-timeout";

/** What a flag that takes a value is for. */
interface FlagText {
  /** The value when there is none. */
  readonly value: string;
  readonly meaning: string;
}

/** Flags that take a value. */
export const flags: Readonly<Record<Flag, FlagText>> = {
  port: { value: "8080", meaning: "QStash's API; 0 is any port" },
  "rest-port": { value: "8079", meaning: "Redis over REST, Upstash's protocol; 0 is any port" },
  host: { value: "127.0.0.1", meaning: "where to listen; anywhere but on loopback it needs secrets of its own" },
  data: { value: ".umbel/gateway", meaning: "a folder for its SQLite file, or :memory:" },
  concurrency: { value: "512", meaning: "most deliveries at once; one host has half of them at most" },
  "max-body": { value: "10m", meaning: "longest body of a request, in bytes (k, m, g)" },
  "max-timeout": { value: "2h", meaning: "longest that a destination may take" },
  "keep-dead-letters": { value: "30d", meaning: "how long what failed for good is kept" },
  "request-timeout": { value: "5m", meaning: "how long a client may take to send a request" },
};

/** Variables that have no flag: secrets, and what an application has too. */
const variables = {
  QSTASH_TOKEN: "opens QStash's API; a public one on loopback only",
  QSTASH_CURRENT_SIGNING_KEY: "pushes are signed with it; a public one on loopback only",
  QSTASH_NEXT_SIGNING_KEY: "the one after the next rotation; as above",
  UPSTASH_REDIS_REST_TOKEN: "opens Redis over REST; umbel-dev on loopback only",
  REDIS_URL: "a Redis to keep states and results in; else the SQLite file",
  UMBEL_WORKER_URL: "it may push there; in development on loopback anywhere",
  UMBEL_QUEUES: "JSON, queue to worker URL: it may push there too",
  UMBEL_DESTINATIONS: "where else it may push, with commas between: hosts, addresses, public, any",
  NODE_ENV: "production: no secret has a default",
} as const;

/** How the program is called, in a line. */
export const usage: string = `umbel-gateway ${Object.entries(flags)
  .map(([flag, { value }]) => `[--${flag} ${value}]`)
  .join(" ")}`;

/** Everything that can be said, with its meaning and its default. */
export const help: string = [
  "Usage: umbel-gateway [flags]",
  "",
  "QStash's HTTP API and Upstash's Redis over REST, in one process with one SQLite file.",
  "",
  ...Object.entries(flags).map(([flag, { value, meaning }]) => line(`--${flag}`, `${meaning} [${value}]`)),
  line("--help, -h", "this text"),
  line("--version", "the version"),
  "",
  `Each flag that takes a value has a variable too, and the flag wins: --max-body is ${variableOf("max-body")}.`,
  "",
  ...Object.entries(variables).map(([name, meaning]) => line(name, meaning)),
].join("\n");

/** The variable of a flag. */
export function variableOf(flag: Flag): string {
  return `UMBEL_GATEWAY_${flag.toUpperCase().replaceAll("-", "_")}`;
}

function line(name: string, meaning: string): string {
  return `  ${name.padEnd(28)}${meaning}`;
}
