/**
 * How each runtime starts a TypeScript file of this repository: the one place where the three differ.
 *
 * @module
 */

/** A runtime that the parts can run on. */
export interface Runtime {
  readonly name: "Bun" | "Deno" | "Node";
  /** Which of an app's entries is its own: `apps/worker/src/bun.ts`. */
  readonly entry: string;
  /** What comes before the file; `leash` is a module that runs before it. */
  readonly flags: (leash: string) => readonly string[];
}

const runtimes: Readonly<Record<Runtime["name"], Omit<Runtime, "name">>> = {
  Bun: { entry: "bun.ts", flags: (leash) => ["--conditions=@umbel/source", "--preload", leash] },
  Deno: { entry: "deno.ts", flags: (leash) => ["run", "-A", "--conditions=@umbel/source", "--preload", leash] },
  Node: {
    entry: "node.ts",
    flags: (leash) => ["--conditions=@umbel/source", "--disable-warning=ExperimentalWarning", "--import", leash],
  },
};

/** The runtime that this program runs on: its parts run on the same. */
export function currentRuntime(): Runtime {
  const name = "Bun" in globalThis ? "Bun" : "Deno" in globalThis ? "Deno" : "Node";
  return { name, ...runtimes[name] };
}
