import { ImproperlyConfigured } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { configuration } from "../src/configuration.ts";

describe("settings", () => {
  it("are the defaults where nothing is set", () => {
    expect(configuration({})).toMatchObject({
      taskDefaultQueue: "default",
      taskTimeLimit: null,
      resultExpires: 86_400,
      resultExtended: false,
      resultTimeout: 30,
      workerLease: 60,
      workerLogLevel: "INFO",
    });
  });

  it("are what they are set to, at first and later", () => {
    const conf = configuration({ resultExpires: "1h" });

    conf.update({ taskDefaultQueue: "main", resultExpires: null });

    expect(conf).toMatchObject({ taskDefaultQueue: "main", resultExpires: null, workerLease: 60 });
  });

  it.each([
    { written: "resultExpire", nearest: "resultExpires" },
    { written: "result_expires", nearest: "resultExpires" },
    { written: "taskTimelimit", nearest: "taskTimeLimit" },
    { written: "ignoreResult", nearest: "taskIgnoreResult" },
    { written: "workerLogLevels", nearest: "workerLogLevel" },
  ])("refuse the name $written and tell the nearest: $nearest", ({ written, nearest }) => {
    const conf = configuration({});

    const change = () => conf.update({ [written]: 1 });

    expect(change).toThrow(ImproperlyConfigured);
    expect(change).toThrow(`There is no setting "${written}"; the nearest name is "${nearest}"`);
    expect(() => configuration({ [written]: 1 })).toThrow(nearest);
  });

  it.each(["speed", "colour"])("refuse the name %s and suggest none: nothing is near", (written) => {
    const change = () => configuration({ [written]: 1 });

    expect(change).toThrow(`There is no setting "${written}"; docs/settings.md has all that there are`);
  });

  it.each([
    { changes: { workerLease: "soon" } },
    { changes: { resultTimeout: "" } },
    { changes: { resultExpires: "1 year" } },
    { changes: { workerStorePatience: Number.NaN } },
    { changes: { taskTimeLimit: "long" } },
    { changes: { taskSoftTimeLimit: "1h1h" } },
  ])("refuse $changes: it is no duration", ({ changes }) => {
    expect(() => configuration(changes)).toThrow(/: give seconds (?:from 0 on|above 0), or a text such as/);
  });

  it("refuse a soft limit that is longer than the hard one", () => {
    const conf = configuration({ taskTimeLimit: "1m" });

    expect(() => conf.update({ taskSoftTimeLimit: 61 })).toThrow(/taskSoftTimeLimit is longer than taskTimeLimit/);
    conf.update({ taskSoftTimeLimit: 60 });
  });

  it("stay what they were when a change is refused", () => {
    const conf = configuration({ taskTimeLimit: "1m" });

    expect(() => conf.update({ taskDefaultQueue: "main", taskSoftTimeLimit: "2m" })).toThrow(ImproperlyConfigured);

    expect(conf).toMatchObject({ taskDefaultQueue: "default", taskSoftTimeLimit: null });
  });
});
