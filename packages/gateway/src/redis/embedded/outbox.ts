/**
 * Messages that a request has published and nobody has heard yet: they go out when what was stored with them is on the disk.
 *
 * @module
 */

/** One message. */
export interface Publication {
  readonly channel: string;
  readonly message: Buffer;
}

/** The messages of the request that is being executed. */
export interface Outbox {
  add(publication: Publication): void;
  /** Empties it. */
  take(): readonly Publication[];
  /** Runs `work`; when it throws, forgets what it has added. */
  attempt<T>(work: () => T): T;
}

/** Creates an empty one. */
export function createOutbox(): Outbox {
  let waiting: Publication[] = [];

  return {
    add: (publication) => void waiting.push(publication),
    take() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
    attempt(work) {
      const before = waiting.length;
      try {
        return work();
      } catch (error) {
        waiting.length = before;
        throw error;
      }
    },
  };
}
