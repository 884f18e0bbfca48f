/** 0 is Celery's word for "never" and "none" where something lasts or is limited: ours is null, and 0 is no slip that is taken. */

import { ImproperlyConfigured } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { Umbel } from "../src/app.ts";
import { configFrom } from "../src/config-from.ts";
import { timeLimitsOf } from "../src/time-limits.ts";

const names = ["resultExpires", "taskTimeLimit", "taskSoftTimeLimit"] as const;

function application(env: Readonly<Record<string, string>> = {}) {
  return new Umbel("shop", { env, log: () => undefined });
}

describe("how long results stay, and attempts may take, when it is 0", () => {
  it.each(names)("is refused of the setting %s, with the word for it", (name) => {
    const app = application();
    const sentence = `${name} is 0: give seconds above 0, or a text such as "1h30m", or null for `;

    expect(() => (app.conf[name] = 0)).toThrow(ImproperlyConfigured);
    expect(() => app.conf.update({ [name]: 0 })).toThrow(sentence);
    expect(() => new Umbel("other", { [name]: "0s" })).toThrow(`${name} is "0s": give`);
    expect(() => configFrom(app, { [name]: 0 })).toThrow(sentence);
    expect(() => configFrom(app, { [`CELERY_${name}`]: 0 }, { namespace: "CELERY" })).toThrow(" is 0: give");
  });

  it("is refused of a task's results", () => {
    expect(() => application().task({ name: "shop.add", resultExpires: 0 }, () => 1)).toThrow(
      'resultExpires of the task "shop.add" is 0: give seconds above 0, or a text such as "1h30m", or null for ever',
    );
  });

  it.each([
    ["small letters", { result_expires: 0, task_time_limit: 0, task_soft_time_limit: 0 }],
    ["small letters of old", { celery_task_result_expires: 0, celeryd_task_time_limit: 0, task_soft_time_limit: null }],
    ["capitals of old", { CELERY_TASK_RESULT_EXPIRES: 0, CELERYD_TASK_TIME_LIMIT: 0, CELERYD_TASK_SOFT_TIME_LIMIT: 0 }],
  ])("means null by Celery's names, in %s", (_, source) => {
    const app = application();
    app.conf.update({ resultExpires: 60, taskTimeLimit: 60, taskSoftTimeLimit: 60 });

    configFrom(app, source);

    expect(names.map((name) => app.conf[name])).toEqual([null, null, null]);
  });

  it("means null in a variable", () => {
    const app = application({ UMBEL_RESULT_EXPIRES: "0", UMBEL_TASK_TIME_LIMIT: "0", UMBEL_TASK_SOFT_TIME_LIMIT: "0" });

    configFrom(app, app.environment);

    expect(names.map((name) => app.conf[name])).toEqual([null, null, null]);
  });

  it("of a call, as a message from Python may say it, leaves the task's own limits", () => {
    const app = application();
    app.task({ name: "shop.slow", timeLimit: 60, softTimeLimit: 50 }, () => 1);

    expect(timeLimitsOf(app, "shop.slow", { hard: 0, soft: 0 })).toEqual({ hard: 60, soft: 50 });
    expect(timeLimitsOf(app, "shop.other", { hard: 0, soft: null })).toEqual({ hard: null, soft: null });
  });
});
