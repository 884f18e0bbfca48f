/** An application on the broker and the backend in memory. */

import { Umbel } from "umbel";
import { memoryBackend, memoryBroker } from "umbel/memory";

/** As a test makes it. */
export const app: Umbel = new Umbel("shop", { broker: memoryBroker(), backend: memoryBackend() });
