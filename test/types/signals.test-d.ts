import { type Configuration, Signal, type TaskRequest, Umbel } from "umbel";
import { describe, expectTypeOf, it } from "vitest";

const app = new Umbel("types");
const add = app.task("types.add", (x: number, y: number) => x + y);

describe("a signal of an application", () => {
  it("gives its receivers a typed payload, with sender and signal", () => {
    app.signals.taskSuccess.connect(({ sender, result, signal }) => {
      expectTypeOf(sender.name).toEqualTypeOf<string>();
      expectTypeOf(result).toEqualTypeOf<unknown>();
      expectTypeOf(app.signals.taskSuccess).toExtend<typeof signal>();
    });
    app.signals.taskRetry.connect(({ request, traceback }) => {
      expectTypeOf(request).toEqualTypeOf<TaskRequest>();
      expectTypeOf(traceback).toEqualTypeOf<string | null>();
    });
    app.signals.taskRevoked.connect(({ terminated }) => expectTypeOf(terminated).toEqualTypeOf<boolean>());
    app.signals.workerLost.connect(({ request, isRunAgain }) => {
      expectTypeOf(request).toEqualTypeOf<TaskRequest>();
      expectTypeOf(isRunAgain).toEqualTypeOf<boolean>();
    });
    app.signals.messageDead.connect(({ id }) => expectTypeOf(id).toEqualTypeOf<string | null>());
  });

  it("lets headers be changed before they are published, and not after", () => {
    app.signals.beforeTaskPublish.connect(({ headers }) => {
      headers["tenant"] = "acme";
    });
    app.signals.afterTaskPublish.connect(({ headers }) => {
      // @ts-expect-error: the message has been sent
      headers["tenant"] = "acme";
    });
  });

  it("is filtered by a task, or by its name", () => {
    app.signals.taskPrerun.connect(() => 1, { sender: add, dispatchUid: "counter" });
    app.signals.taskPrerun.connect(() => 1, { sender: "types.add" });
    // @ts-expect-error: a number is no sender
    app.signals.taskPrerun.connect(() => 1, { sender: 1 });
  });

  it("gives the result of the task that is listened to, and of all of them one that must be looked at", () => {
    app.signals.taskSuccess.connect(({ result }) => expectTypeOf(result).toEqualTypeOf<number>(), { sender: add });
    app.signals.taskSuccess.connect(({ result }) => expectTypeOf(result).toEqualTypeOf<unknown>(), {
      sender: add.name,
    });
    app.signals.taskSuccess.connect(({ result }) => expectTypeOf(result).toEqualTypeOf<unknown>());
    app.signals.taskSuccess.connect(({ result }: { readonly result: number }) => result, { sender: add });
    // @ts-expect-error: it returns a number
    app.signals.taskSuccess.connect(({ result }: { readonly result: string }) => result, { sender: add });
    // @ts-expect-error: another task may return anything
    app.signals.taskSuccess.connect(({ result }: { readonly result: number }) => result);
  });

  it("refuses a receiver that wants what is not there", () => {
    // @ts-expect-error: there is no result before the task runs
    app.signals.taskPrerun.connect(({ result }) => result);
    // @ts-expect-error: there is no such signal
    void app.signals.taskSent;
  });

  it("of its own beginning gives the application itself", () => {
    app.onAfterConfigure.connect(({ sender, source }) => {
      const application: Umbel = sender;
      expectTypeOf(application.name).toEqualTypeOf<string>();
      expectTypeOf(source).toEqualTypeOf<Configuration>();
    });
    app.onAfterFinalize.connect(({ tasks }) => expectTypeOf(tasks).toEqualTypeOf<readonly string[]>());
  });
});

describe("a signal of one's own", () => {
  it("is sent with what its receivers get", () => {
    const paid = new Signal<{ readonly amount: number }>("paid");

    paid.connect(({ amount, sender }) => [amount + 1, sender], { dispatchUid: "books" });

    expectTypeOf(paid.send).toBeCallableWith("till", { amount: 3 });
    // @ts-expect-error: a text is no amount
    void paid.send("till", { amount: "3" });
    // @ts-expect-error: nothing is not what its receivers expect
    void paid.send("till", {});
  });
});
