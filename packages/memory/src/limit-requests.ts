/**
 * What is too large for a store.
 *
 * @module
 */

import { type Backend, encodeEffects, MessageTooLargeError } from "@umbel/protocol";
import { requestSize } from "./request-size.ts";

/** A backend whose events anybody can watch. */
type WatchedBackend = Backend & Required<Pick<Backend, "emit">>;

/** The backend, but what it is to store in one call may have no more than so many bytes: `MessageTooLargeError`. */
export function limitRequests(backend: WatchedBackend, limit: number): Backend {
  return {
    ...backend,
    claim: async (request) => await backend.claim(fitting("claim", request)),
    progress: async (request) => await backend.progress(fitting("progress", request)),
    finish: async (request) => {
      fitting("finish", { ...request, effects: encodeEffects(request.effects) });
      return await backend.finish(request);
    },
    settle: async (requests) => await backend.settle(fitting("settle", requests)),
    join: async (request) => await backend.join(fitting("join", request)),
    revoke: async (request) => await backend.revoke(fitting("revoke", request)),
    saveGroup: async (group, expires) => await backend.saveGroup(fitting("saveGroup", group), expires),
    save: async (name, text, seconds) => await backend.save(name, fitting("save", text), seconds),
    emit: async (events) => await backend.emit(fitting("emit", events)),
    saveAll: async (texts, seconds) => await backend.saveAll(fitting("saveAll", texts), seconds),
  };

  function fitting<Request>(call: string, request: Request): Request {
    const size = requestSize(request);
    if (size <= limit) return request;
    throw new MessageTooLargeError(`memory: ${call} has ${size} bytes, the limit is ${limit}`);
  }
}
