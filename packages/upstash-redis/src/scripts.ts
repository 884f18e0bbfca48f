/**
 * Every atomic step that the backend asks of its store; an embedded engine runs their twins (delivery.md 20).
 *
 * @module
 */

import type { StoreScript } from "@umbel/protocol";
import { claim } from "./scripts/claim.ts";
import { finish } from "./scripts/finish.ts";
import { join } from "./scripts/join.ts";
import { progress } from "./scripts/progress.ts";
import { renew } from "./scripts/renew.ts";
import { revoke } from "./scripts/revoke.ts";
import { settle } from "./scripts/settle.ts";

/** The steps, for whoever runs an engine that has no Lua. */
export const scripts: readonly StoreScript[] = [claim, renew, progress, finish, settle, join, revoke];
