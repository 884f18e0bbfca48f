/**
 * test/gateway.ts for workerd: the same gateway, outside.
 *
 * @module
 */

import type * as there from "../../../gateway.ts";
import { borrow } from "./borrow.ts";

type Gateway = Awaited<ReturnType<typeof there.openGateway>>;

/** Starts one on free ports. */
export const openGateway: typeof there.openGateway = async (variables) => {
  const { ask, ...told } = await borrow<Omit<Gateway, "close">>("openGateway", variables ?? {});
  return { ...told, close: async () => await ask("close") };
};
