/**
 * Where this repository is.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

/** Path of the repository's root. */
export const repository: string = fileURLToPath(new URL("../../../", import.meta.url));
