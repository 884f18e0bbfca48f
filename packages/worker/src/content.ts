/**
 * Which contents a worker takes: Celery's `accept_content`.
 *
 * @module
 */

import { InvalidMessageError, repr } from "@umbel/protocol";

/**
 * Throws `InvalidMessageError` for a push of another content than the setting `acceptContent` names, `json` or a media type.
 * What says nothing of its content is read, and then is a message or is not.
 */
export function checkContent(headers: Headers, accepted: readonly string[]): void {
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  const given = type.trim().toLowerCase();
  if (given === "" || accepted.some((each) => given === mediaType(each))) return;
  throw new InvalidMessageError(`Push: content type ${repr(given)} is not accepted, only ${accepted.join(", ")}`);
}

function mediaType(name: string): string {
  return name.includes("/") ? name : `application/${name}`;
}
