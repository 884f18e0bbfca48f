/**
 * A configuration of workerd that serves one bundle on a free port of loopback.
 *
 * @module
 */

/** What is served. */
export interface WorkerdService {
  /** The bundle, relative to the configuration. */
  readonly bundle: string;
  /** Its variables, which come with each request. */
  readonly bindings: Readonly<Record<string, string>>;
}

/** The configuration, in workerd's own language (Cap'n Proto). */
export function workerdConfig({ bundle, bindings }: WorkerdService): string {
  const variables = Object.entries(bindings).map(
    ([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "app", worker = (
      compatibilityDate = "2026-08-04",
      globalOutbound = "everywhere",
      modules = [(name = "app.js", esModule = embed "${bundle}")],
      bindings = [${variables.join(", ")}])),
    (name = "everywhere", network = (allow = ["public", "private"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "app")]);
`;
}
