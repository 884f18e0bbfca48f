/** Two applications, and nothing that says which is meant. */

import { Umbel } from "umbel";

/** One. */
export const shop: Umbel = new Umbel("shop");

/** Another. */
export const stock: Umbel = new Umbel("stock");
