/**
 * Takes events in: into the model, and into the counts.
 *
 * @module
 */

import { type EventBody, readEvents } from "@umbel/protocol";
import type { ReceivedEvent } from "./received-event.ts";
import type { State } from "./state.ts";

/** Takes events in. */
export class Intake {
  readonly state: State;
  /** Sound events. */
  received = 0;
  malformed = 0;

  constructor(state: State) {
    this.state = state;
  }

  /** The sound events of an envelope that came at an instant in milliseconds since 1970, each taken in when it is asked for. */
  async *open(text: string, at: number): AsyncGenerator<ReceivedEvent, void> {
    for (const body of await readEvents(text)) {
      const event = this.#take(body, at / 1000);
      if (event !== undefined) yield event;
    }
  }

  #take(body: EventBody | undefined, receivedAt: number): ReceivedEvent | undefined {
    const change = this.state.event(body, receivedAt);
    if (body === undefined || change === undefined) {
      this.malformed += 1;
      return undefined;
    }
    this.received += 1;
    return { ...body, local_received: receivedAt, clock: this.#clockOf(body) };
  }

  /** As the model has just counted: its own where the sender keeps none, and for a client, which hears nobody, one before. */
  #clockOf({ type, clock }: EventBody): number {
    const { value } = this.state.clock;
    return type === "task-sent" ? Math.max(0, value - 2) : clock || value;
  }
}
