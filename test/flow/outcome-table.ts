/**
 * Writes down what happens in the life of one attempt, in order: signals, hooks, states, messages, log, answer.
 *
 * @module
 */

import type { Backend } from "@umbel/protocol";
import { type BoundTask, chain, chord, Umbel, type UmbelOptions } from "umbel";
import { type Endpoint, type TestKit, testKit } from "umbel/testing";
import { worker } from "umbel/worker";

/** One thing that happened: `signal`, `taskPrerun`, say. */
export type Step = readonly [kind: string, what: string];

/** In what the attempt is called. */
export type Setting = "chain" | "chord";

/** What is recorded, and what a scenario steers it by. */
export interface Recorder {
  readonly app: Umbel;
  readonly kit: TestKit;
  readonly steps: Step[];
  /** Declares the task that it is about. */
  readonly declare: (body: (task: BoundTask) => unknown, options?: object) => void;
  /** Calls it, in a chain or as a member of a chord; gives its own id. */
  readonly call: (options?: object) => Promise<string>;
}

const name = "tasks.subject";

/** What a message is to the task that it is about. */
const messages: Readonly<Record<string, string>> = {
  "tasks.callback": "its callback",
  "tasks.errback": "its errback",
  "tasks.next": "the next step",
  "tasks.body": "the chord's body",
  "umbel.guard": "its guard",
};

/** Makes one for an application whose starts are tracked. */
export function recorder(setting: Setting, settings: Partial<UmbelOptions> = {}): Recorder {
  const steps: Step[] = [];
  const app = new Umbel("tasks", { taskTrackStarted: true, ...settings });
  const endpoint = worker(app, { waitUntilLimit: null });
  const kit = testKit(app, {
    seed: 1,
    patience: 1,
    endpoint: answering(endpoint, steps),
    log: ({ level, message }) => void steps.push(["log", `${level} ${headOf(message)}`]),
  });
  noteSignals(app, steps);
  noteStore(kit.backend, steps);
  notePublished(kit, steps);
  const others = othersOf(app);
  return {
    app,
    kit,
    steps,
    declare(body, options = {}) {
      app.task({ name, bind: true, ...hooks(steps), ...options }, async (task) => {
        steps.push(["body", ""]);
        return await outcomeOf(body, task);
      });
    },
    async call(options = {}) {
      const given = { link: others.callback.si(), linkError: others.errback.si(), ...options };
      const subject = app.signature(name).set(given);
      const canvas = setting === "chain" ? chain(subject, others.next.si()) : chord([subject], others.body.si());
      await canvas.delay();
      steps.length = 0;
      return kit.waiting.find(({ taskId }) => taskId !== "")?.taskId ?? "";
    },
  };
}

async function outcomeOf(body: (task: BoundTask) => unknown, task: BoundTask): Promise<null> {
  await body(task);
  return null;
}

function othersOf(app: Umbel) {
  const one = (task: string) => app.task(task, () => 1);
  return {
    callback: one("tasks.callback"),
    errback: one("tasks.errback"),
    next: one("tasks.next"),
    body: one("tasks.body"),
  };
}

function hooks(steps: Step[]) {
  const note = (hook: string) => () => void steps.push(["hook", hook]);
  return {
    beforeStart: note("beforeStart"),
    onSuccess: note("onSuccess"),
    onFailure: note("onFailure"),
    onRetry: note("onRetry"),
    afterReturn: note("afterReturn"),
  };
}

/** A message that is sent is told where it is sent; the beginning of the worker is no part of an attempt. */
const untold = new Set(["beforeTaskPublish", "afterTaskPublish", "workerInit", "workerReady"]);

function noteSignals({ signals }: Umbel, steps: Step[]): void {
  for (const [signal, each] of Object.entries(signals)) {
    if (untold.has(signal)) continue;
    each.connect((event: object) => void steps.push(["signal", `${signal}${stateIn(event)}`]));
  }
}

/** What tells one sending of a signal from another. */
function stateIn(event: object): string {
  if ("state" in event) return ` ${String(event.state)}`;
  const marks = ["terminated", "expired"].filter((mark) => Reflect.get(event, mark) === true);
  return marks.map((mark) => ` ${mark}`).join("");
}

function noteStore(backend: Backend, steps: Step[]): void {
  const own = { ...backend };
  const noted: Partial<Backend> = {
    async claim(request) {
      const claimed = await own.claim(request);
      const started = claimed.answer === "run" && request.started !== undefined ? ", STARTED" : "";
      steps.push(["store", `claim: ${claimed.answer}${started}`]);
      return claimed;
    },
    async finish(request) {
      steps.push(["store", request.state]);
      return await own.finish(request);
    },
    async settle(requests) {
      for (const { state } of requests) steps.push(["store", `${state} of what follows`]);
      await own.settle(requests);
    },
    async join(request) {
      steps.push(["store", `${request.part.state} as the chord's member`]);
      return await own.join(request);
    },
  };
  Object.assign(backend, noted);
}

function notePublished({ broker }: TestKit, steps: Step[]): void {
  const own = { ...broker };
  Object.assign(broker, {
    async publish(publications: Parameters<typeof own.publish>[0]) {
      for (const { message } of publications) {
        const { task, retries } = message.headers;
        const attempt = (retries ?? 0) > 0 ? "the next attempt" : "the same attempt";
        steps.push(["send", messages[task] ?? attempt]);
      }
      return await own.publish(publications);
    },
  });
}

function answering(endpoint: Endpoint, steps: Step[]): Endpoint {
  return {
    async fetch(request, environment, context) {
      const response = await endpoint.fetch(request, environment, context);
      const to = new URL(request.url).pathname === "/failed" ? " to the failure callback" : "";
      steps.push(["answer", `${response.status}${to}`]);
      return response;
    },
  };
}

/** The words of a line of the log, without its values. */
function headOf(message: string): string {
  return (/^.*?(?=:| in \d| \(\d|$)/.exec(message)?.[0] ?? "").replace(/ \[.*/, "");
}
