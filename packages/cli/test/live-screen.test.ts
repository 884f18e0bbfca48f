import { State } from "umbel/events";
import { describe, expect, it } from "vitest";
import { type Pressed, pressed, type Step } from "../src/live/keys.ts";
import { screenOf } from "../src/live/screen.ts";
import { firstView, type View } from "../src/live/view.ts";

const size = { columns: 100, rows: 24 };

describe("the live view", () => {
  it("shows the tasks whose name, id, state or worker has each word that is typed behind a /", () => {
    const state = stateWith(30);

    const typing = press(state, "/", "e", "v", "E", "n", " ", "x", "backspace", "m", "i", "n", "e");
    const kept = press(state, { from: typing.view }, "return");

    expect(screen(state, typing.view)[0]).toMatch(/^umbel events: 15 of 30 tasks have "evEn mine"  RECEIVED 15 {2}/);
    expect(screen(state, typing.view).slice(-2)).toEqual([
      "/evEn mine_",
      "Words of its name, id, state or worker  Enter keep  Esc show all",
    ]);
    expect(screen(state, kept.view).at(-2)).toBe("");
    expect(press(state, { from: kept.view }, "down", "return").view.selected).toBe("task-26");
    expect(press(state, { from: kept.view }, "escape").view.filter).toBe("");
    expect(press(state, { from: typing.view }, "escape").view).toMatchObject({ filter: "", asked: undefined });
  });

  it("says in a narrow terminal how to leave it, what is asked, and the names and states of tasks", () => {
    const state = new State();
    const uuid = "0199f0c2-5d5e-7c1a-9a0e-0d8f7a3b1c2d";
    state.event({ ...taskEvent("task-received", 0, 0), uuid, name: "shop.invoices.send" });
    const asked = { ...firstView, selected: uuid, asked: "revoke" } as const;

    const [wide, narrow] = [80, 40].map((columns) => screenOf(state, firstView, { columns, rows: 10, paint }));
    const question = screenOf(state, asked, { columns: 79, rows: 10, paint }).at(-2);

    expect([wide?.at(-1), narrow?.at(-1)]).toEqual([
      expect.stringMatching(/^q quit {2}r revoke .*…$/),
      expect.stringMatching(/^q quit {2}/),
    ]);
    expect(wide?.[2]).toMatch(new RegExp(`^> ${uuid} shop\\.invoic… RECEIVED `));
    expect(narrow?.[2]).toMatch(/^> 0199f0c2-5d5e… shop\.invoic… RECEIVED /);
    expect(question).toMatch(/^Revoke shop\.invoices\.send\[0199f0c2-.*…\? It does not begin any more\.$/);
    expect(question).toHaveLength(79);
  });

  it("says so where no task has the words", () => {
    const state = stateWith(3);

    const { view } = press(state, "/", "?");

    expect(screen(state, view)[3]).toBe("No task has these words. Esc shows all.");
    expect(press(state, { from: view }, "return", "r")).toEqual({ view: { ...view, asked: undefined } });
  });

  it("turns pages whole, and goes to the first and to the last", () => {
    const state = stateWith(81);
    const selected = (...keys: readonly string[]) => press(state, ...keys).view.selected;

    expect([selected("pagedown"), selected("pagedown", "pagedown", "pageup")]).toEqual(["task-60", "task-60"]);
    expect([selected("end"), selected("end", "home")]).toEqual(["task-0", "task-80"]);
    expect(selected(...Array.from({ length: 60 }, () => "down"))).toBe("task-20");
    const last = screen(state, press(state, "end").view);
    expect(last[0]).toContain("page 5 of 5)");
    expect(last[2]).toMatch(/^> task-0 /);
    expect(last.filter((line) => line.includes("task-"))).toHaveLength(1);
  });

  it.each(["revoke", "terminate"] as const)("asks before it does %s, and does it for a y only", (deed) => {
    const state = stateWith(3);

    const asked = press(state, "down", deed.slice(0, 1));
    const [question, keys] = screen(state, asked.view).slice(-2);
    const answers = ["y", "n", "return", "escape", "q", deed.slice(0, 1)].map((key) =>
      press(state, { from: asked.view }, key),
    );

    expect(asked).toMatchObject({ view: { selected: "task-1" } });
    expect(asked.deed).toBeUndefined();
    expect(question).toMatch(new RegExp(`^${deed} shop\\.odd\\[task-1\\]\\? It does not begin any more`, "i"));
    expect(keys).toBe("y yes  any other key no");
    expect(answers.map((answer) => answer.deed)).toEqual([deed, ...Array.from({ length: 5 }, () => undefined)]);
    expect(answers.map(({ view }) => view.asked)).toEqual(Array.from({ length: 6 }, () => undefined));
    expect(answers[1]?.view.note).toBe("nothing was revoked");
  });

  it("counts a rejected task as what its row shows", () => {
    const state = stateWith(2);
    for (const type of ["task-started", "task-rejected"]) state.event(taskEvent(type, 1, 10));

    const [head, , row] = screen(state, firstView);

    expect(head).toMatch(/^umbel events: 2 tasks {2}RECEIVED 1 {2}REJECTED 1 {2}\(4 events\)$/);
    expect(row).toMatch(/shop\.odd +REJECTED +12:26:50Z worker@mine$/);
  });

  it("says all that is known of a task in people's words, with units and zones", () => {
    const state = stateWith(1);
    state.event({ ...taskEvent("task-succeeded", 0, 60), runtime: 60.2401, result: "5", extra: 7 });

    const lines = screen(state, press(state, "return").view)
      .slice(2, -2)
      .filter((line) => line !== "");

    expect(lines).toEqual([
      "task         shop.even",
      "id           task-0",
      "state        SUCCESS",
      "worker       worker@mine",
      "received     2026-11-22 12:26:40Z",
      "succeeded    2026-11-22 12:27:40Z",
      "last change  2026-11-22 12:27:40Z",
      "ran for      60.24 s",
      "result       5",
      "extra        7",
    ]);
  });

  it("says why nothing can be heard, for as long as nothing can", () => {
    const shown = screenOf(stateWith(1), firstView, { ...size, paint, silence: "lost: nobody\nthere" });

    expect(shown[1]).toBe("lost: nobody\\u000athere");
  });
});

/** Sunday, 2026-11-22 12:26:40 UTC. */
const begin = Date.parse("2026-11-22T12:26:40Z") / 1000;

/** As many tasks, of two names in turn: the last one was heard of last. */
function stateWith(count: number): State {
  const state = new State();
  for (let nth = 0; nth < count; nth += 1) {
    state.event({ ...taskEvent("task-received", nth, 0), name: nth % 2 === 0 ? "shop.even" : "shop.odd" });
  }
  return state;
}

function taskEvent(type: string, nth: number, seconds: number): object {
  return { type, uuid: `task-${nth}`, hostname: "worker@mine", timestamp: begin + seconds, clock: nth + 1 + seconds };
}

function screen(state: State, view: View): readonly string[] {
  return screenOf(state, view, { ...size, paint });
}

/** After these keys, by name or by what they type; from another view on where one is given first. */
function press(state: State, ...keys: readonly (string | { readonly from: View })[]): Step {
  let step: Step = { view: firstView };
  for (const key of keys) {
    step = typeof key === "string" ? pressed(keyOf(key), step.view, { state, size }) : { view: key.from };
  }
  return step;
}

/** As Node tells of it: a letter's name is small, and what is no letter has none. */
function keyOf(key: string): Pressed {
  return key.length === 1 ? { name: key.toLowerCase(), text: key } : { name: key, text: "\u001B" };
}

function paint(_style: string, text: string): string {
  return text;
}
