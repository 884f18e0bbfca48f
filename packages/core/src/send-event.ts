/**
 * Events of a program's own, for whoever watches.
 *
 * @module
 */

import { NotSupportedError } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { checkKind, name, record } from "./kinds.ts";
import { letterOf, type Told } from "./letter.ts";
import { needBackend } from "./no-backend.ts";

/** What an event says beside its type, its instant and its sender. */
export type EventDetails = Readonly<Record<string, unknown>>;

/** An event of a program's own. */
export interface OwnEvent {
  readonly type: string;
  readonly fields: EventDetails;
  /** Who says so, and about what: no field changes that. */
  readonly by: Told;
}

/**
 * Publishes an event. Throws `ImproperlyConfigured` for a type that is no name, `EncodeError` for fields that are no JSON,
 * `NotSupportedError` where there is no place for events, and `BackendUnavailable`.
 */
export async function sendEvent(app: CallingApplication, { type, fields, by }: OwnEvent): Promise<void> {
  checkKind("The type of an event", name, type);
  checkKind("What an event says", record, fields);
  needBackend(app, "sendEvent()");
  const { backend } = app;
  if (backend.emit === undefined) throw new NotSupportedError(`The backend "${backend.name}" has no place for events`);
  await backend.emit([letterOf(app, type, { ...fields, ...by })]);
}
