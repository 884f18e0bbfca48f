/**
 * Celery's canvas vectors, each row of celery-semantics.md 3.11, through the public API on each store.
 *
 * A row that is answered differently on purpose says why. The second half of row 106, a wait inside a task that is allowed,
 * is in acceptance-calls.test.ts.
 */

import { upstash, withAttempts } from "@umbel/upstash-redis";
import type { ResultHandle } from "umbel";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines, type ServedStore, serveStore } from "../store.ts";
import { endings } from "./vectors-endings.ts";
import { nested } from "./vectors-nested.ts";
import { homeBefore, type Vectors, vectors } from "./vectors-tasks.ts";
import { type Row, values } from "./vectors-values.ts";

const rows: readonly Row[] = [...values, ...nested, ...endings];

describe.each(["memory", ...engines.filter((each) => each !== "redis-cluster")] as const)("on %s", (engine) => {
  let store: ServedStore | undefined;
  let tasks: Vectors;
  const handles = new Map<Row, Promise<ResultHandle>>();

  beforeAll(async () => {
    store = engine === "memory" ? undefined : await serveStore(engine);
    tasks = vectors(store && homeBefore(withAttempts(upstash(store.address)(() => undefined))));
    for (const row of rows) handles.set(row, send(tasks, row));
    await Promise.allSettled(handles.values());
    await tasks.finish();
  });
  afterAll(async () => await store?.stop());

  it.each(rows.map((row) => [titleOf(row), row] as const))("%s", async (_, row) => {
    const end = await endOf(tasks, row, handles.get(row));

    expect(end.value).toEqual(row.value);
    expect(end.error ?? "").toMatch(row.error ?? /^$/);
    const handle = await handles.get(row)?.catch(() => undefined);
    if (handle !== undefined) await row.also?.(tasks, handle);
  });
});

it("has every row of the table", () => {
  const numbers = new Set(rows.map(({ number }) => Number.parseInt(number, 10)));

  expect([...numbers].toSorted((one, other) => one - other)).toEqual(Array.from({ length: 110 }, (_, nth) => nth + 1));
});

async function send(tasks: Vectors, { of }: Row): Promise<ResultHandle> {
  return await (await of(tasks)).delay();
}

interface End {
  readonly value?: unknown;
  readonly error?: string;
}

/** What became of a row: its value, or its error as class and message. */
async function endOf(tasks: Vectors, { get = theirs }: Row, sent: Promise<ResultHandle> | undefined): Promise<End> {
  try {
    const handle = await sent;
    return { value: handle && (await get(tasks, handle)) };
  } catch (error) {
    const name = Reflect.get(Object(error), "excType") ?? Reflect.get(Object(error), "name");
    return { error: `${String(name)}: ${String(Reflect.get(Object(error), "message"))}` };
  }
}

async function theirs(_: Vectors, handle: ResultHandle): Promise<unknown> {
  return await handle.get();
}

/** Number and expression, and why the answer is our own. */
function titleOf({ number, of, differs }: Row): string {
  const expression = String(of)
    .replace(/^[^=]*=>\s*/, "")
    .replaceAll(/\(0,\s*\w+\.(\w+)\)/g, "$1")
    .replaceAll(/\s+/g, " ");
  return `${number}: ${expression}${differs === undefined ? "" : ` (differs: ${differs})`}`;
}
