/**
 * test/store.ts for workerd: the same stores, outside.
 *
 * @module
 */

import { inject } from "vitest";
import type * as there from "../../../store.ts";
import { borrow } from "./borrow.ts";

/** The engines that the machine has. */
export const engines: typeof there.engines = inject("lender").engines;

/** Serves an empty store. */
export const serveStore: typeof there.serveStore = async (engine) => {
  const { ask, ...told } = await borrow<Omit<there.ServedStore, "stop">>("serveStore", engine);
  return { ...told, stop: async () => await ask("stop") };
};

/** Serves an empty embedded store by a clock that stands still. */
export const serveClockedStore: typeof there.serveClockedStore = async (start) => {
  const { ask, ...told } = await borrow<Omit<there.ClockedStore, "stop" | "setClock">>("serveClockedStore", start);
  return {
    ...told,
    setClock: async (instant) => await ask("setClock", instant),
    stop: async () => await ask("stop"),
  };
};
