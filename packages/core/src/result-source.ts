/**
 * What a handle needs of its application.
 *
 * @module
 */

import type { CallerBackend, CallerBroker } from "@umbel/protocol";
import type { Platform } from "./platform.ts";
import type { Settings } from "./settings.ts";

/** The part of an application that handles ask. */
export interface ResultSource {
  readonly conf: Settings;
  readonly platform: Platform;
  /** Where the application has none, one whose every call throws `NotSupportedError`. */
  readonly backend: CallerBackend;
  /** Throws `ImproperlyConfigured` when the application has no broker. */
  readonly broker: CallerBroker;
  /** Its calls have run in this process, before their handles were made. */
  readonly isEager?: true;
  /** Marks tasks as revoked. */
  revoke(ids: readonly string[], terminate: boolean): Promise<void>;
}
