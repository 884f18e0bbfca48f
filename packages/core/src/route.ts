/**
 * Which queue a task goes to.
 *
 * @module
 */

/** What a route says of a task. */
export interface RouteTarget {
  readonly queue?: string;
  readonly priority?: number;
}

/** Names, globs (`shop.*`) or regular expressions to a queue, or a function of the task's name. */
export type Route =
  | Readonly<Record<string, string | RouteTarget>>
  | readonly [pattern: string | RegExp, target: string | RouteTarget]
  | ((name: string) => string | RouteTarget | undefined);

/**
 * The first route that knows the task; in a record exact names come before globs, as in Celery. An empty target when
 * none does.
 */
export function routeOf(routes: readonly Route[], name: string): RouteTarget {
  for (const route of routes) {
    const target = match(route, name);
    if (target !== undefined) return typeof target === "string" ? { queue: target } : target;
  }
  return {};
}

function match(route: Route, name: string): string | RouteTarget | undefined {
  if (typeof route === "function") return route(name);
  if (isPair(route)) return matches(route[0], name) ? route[1] : undefined;
  if (Object.hasOwn(route, name)) return route[name];
  return Object.entries(route).find(([pattern]) => pattern.includes("*") && matches(pattern, name))?.[1];
}

function isPair(route: Exclude<Route, (name: string) => unknown>): route is Extract<Route, readonly unknown[]> {
  return Array.isArray(route);
}

function matches(pattern: string | RegExp, name: string): boolean {
  if (pattern instanceof RegExp) return new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, "")}y`).test(name);
  return globExpression(pattern).test(name);
}

/** Shell patterns over the whole name: `*`, `?`, `[...]` and `[!...]`, as in Python's fnmatch. */
function globExpression(glob: string): RegExp {
  const pieces = glob.match(/\[!?\]?[^\]]*\]|./gs) ?? [];
  return new RegExp(`^${pieces.map(sourceOf).join("")}$`, "s");
}

/** A regular expression's source for one piece of a pattern: a star, a question mark, a class, or a plain character. */
function sourceOf(piece: string): string {
  if (piece === "*") return ".*";
  if (piece === "?") return ".";
  if (piece.length === 1) return piece.replace(/[\\^$.+(){}|[\]]/, "\\$&");
  const [, not, members = ""] = /^\[(!?)(.*)\]$/s.exec(piece) ?? [];
  return `[${not === "!" ? "^" : ""}${members.replace(/[\\^[\]]/g, "\\$&")}]`;
}
