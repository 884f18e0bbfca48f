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
  /** A module that stands before it, beside the configuration, and has it as its binding `APP`; absent: nothing does. */
  readonly front?: string;
}

/** The configuration, in workerd's own language (Cap'n Proto). */
export function workerdConfig({ bundle, bindings, front }: WorkerdService): string {
  const variables = Object.entries(bindings).map(
    ([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`,
  );
  const before = front === undefined ? "" : serviceBefore(front);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "app", worker = (
      compatibilityDate = "2026-08-04",
      globalOutbound = "everywhere",
      modules = [(name = "app.js", esModule = embed "${bundle}")],
      bindings = [${variables.join(", ")}])),${before}
    (name = "everywhere", network = (allow = ["public", "private"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "${front === undefined ? "app" : "front"}")]);
`;
}

/** It may call all of the app's handlers, `scheduled` too; workerd asks for `--experimental` then. */
function serviceBefore(module: string): string {
  return `
    (name = "front", worker = (
      compatibilityDate = "2026-08-04",
      compatibilityFlags = ["service_binding_extra_handlers"],
      modules = [(name = "front.js", esModule = embed "${module}")],
      bindings = [(name = "APP", service = "app")])),`;
}
