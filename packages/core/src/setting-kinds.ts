/**
 * What each setting takes, so that what makes no sense is refused when it is set, and not when it is first needed.
 *
 * @module
 */

import { checkKind, type Kind } from "./kinds.ts";
import type { Settings } from "./settings.ts";

/** What each setting takes; the type makes sure that none is forgotten. */
export const settingKinds: Readonly<Record<keyof Settings, Kind>> = {
  taskDefaultQueue: "name",
  taskRoutes: "routes",
  taskQueues: "queues?",
  taskCreateMissingQueues: "boolean",
  taskDefaultPriority: "priority?",
  taskDefaultRateLimit: "rate?",
  taskInheritParentPriority: "boolean",
  taskBase: "base",
  taskAnnotations: "annotations",
  strictTyping: "boolean",
  taskAlwaysEager: "boolean",
  taskEagerPropagates: "boolean",
  taskStoreEagerResult: "boolean",
  taskIgnoreResult: "boolean",
  taskStoreErrorsEvenIfIgnored: "boolean",
  taskTrackStarted: "boolean",
  taskAcksLate: "boolean",
  taskAcksOnFailure: "boolean",
  taskAcksOnTimeout: "boolean",
  taskRejectOnWorkerLost: "boolean",
  taskMaxRequeues: "times?",
  taskTimeLimit: "duration?",
  taskSoftTimeLimit: "duration?",
  taskPublishRetry: "boolean",
  taskPublishRetryPolicy: "policy",
  taskSerializer: "json",
  resultSerializer: "json",
  acceptContent: "content",
  resultAcceptContent: "content?",
  timezone: "zone",
  enableUtc: "true",
  resultExpires: "duration?",
  resultExtended: "boolean",
  resultTimeout: "duration",
  workerLease: "duration",
  workerLogLevel: "level",
  workerMaxBody: "count",
  workerStorePatience: "duration",
};

/** The settings by name. */
export const settingNames: readonly (keyof Settings)[] = Object.keys(settingKinds).filter(isSetting);

/** Whether there is a setting of this name. */
export function isSetting(name: string): name is keyof Settings {
  return Object.hasOwn(settingKinds, name);
}

/** Throws `ImproperlyConfigured` for a value that the setting cannot have. */
export function checkSetting(name: keyof Settings, value: unknown): void {
  checkKind(name, settingKinds[name], value);
}
