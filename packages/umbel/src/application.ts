/**
 * The application that a user makes: core's, which knows where the rest of this package is.
 *
 * @module
 */

import { Umbel as Application, type OpenEagerRun } from "@umbel/core";
import type { eager } from "./eager.ts";

/** An application: declares tasks, sends calls, hands out results. */
export type Umbel = Application;

/** Makes an application. Its type is core's, whose parts hand applications to each other. */
export const Umbel: typeof Application = class extends Application {
  /**
   * Loads `umbel/eager`, which lies beside this file. The address is worked out, so that no bundler puts into every program
   * what few of them run; in a bundle it leads nowhere, and the error says what to do.
   */
  protected override async loadEager(): Promise<OpenEagerRun> {
    const loaded = await load("eager", import.meta.url);
    return loaded === undefined ? await super.loadEager() : loaded.eager();
  }
};

interface EagerModule {
  readonly eager: typeof eager;
}

/** The module of this name beside another one, in the language that this one is in. */
async function load(name: string, beside: string): Promise<EagerModule | undefined> {
  try {
    const [extension = ""] = /\.\w+$/.exec(new URL(beside).pathname) ?? [];
    const address = new URL(`./${name}${extension}`, beside).href;
    const loaded: unknown = await import(/* @vite-ignore */ /* webpackIgnore: true */ address);
    return isEager(loaded) ? loaded : undefined;
  } catch {
    return undefined;
  }
}

function isEager(loaded: unknown): loaded is EagerModule {
  return typeof loaded === "object" && loaded !== null && "eager" in loaded && typeof loaded.eager === "function";
}
