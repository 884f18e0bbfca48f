import { expect, it } from "vitest";
import { celeryVersion } from "./celery.ts";
import { eventSpeeds } from "./events.ts";

it("measures the model of a cluster beside Celery's own, where there is one", () => {
  const [line] = eventSpeeds({ runs: 1, isQuick: true });

  expect(line).toMatchObject({ figure: "events", values: { embedded: expect.any(Number) } });
  expect(Object.keys(line?.values ?? {})).toHaveLength(celeryVersion() === undefined ? 1 : 2);
});
