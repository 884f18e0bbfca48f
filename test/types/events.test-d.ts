/** Handlers of events know the fields of Celery's types, and that those of others are unknown. */

import { events, type ReceivedEvent } from "umbel/events";
import { Umbel } from "umbel";
import { expectTypeOf, it } from "vitest";

const receiver = events(new Umbel("shop"));

it("gives each handler the event of its type", () => {
  void receiver.capture({
    limit: 1,
    handlers: {
      "task-failed": (event) => {
        expectTypeOf(event.type).toEqualTypeOf<"task-failed">();
        expectTypeOf(event.exception).toEqualTypeOf<string>();
        expectTypeOf(event.local_received).toEqualTypeOf<number>();
      },
      "worker-heartbeat": async ({ freq }) => {
        expectTypeOf(freq).toEqualTypeOf<number | null | undefined>();
      },
      "task-my-progress": ({ done, hostname }) => {
        expectTypeOf(done).toBeUnknown();
        expectTypeOf(hostname).toBeString();
      },
      "*": (event) => {
        expectTypeOf(event).toExtend<ReceivedEvent>();
      },
    },
  });
});

it("refuses a handler for another type's event, and options that there are not", () => {
  // @ts-expect-error: what was rejected has no result
  void receiver.capture({ handlers: { "task-rejected": ({ result }: { readonly result: string }) => result } });
  // @ts-expect-error: no such option
  void receiver.capture({ handlers: {}, singal: AbortSignal.abort() });
  // @ts-expect-error: no instant
  void receiver.iterate({ since: null });
});
