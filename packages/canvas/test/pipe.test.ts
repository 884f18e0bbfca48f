/**
 * The table of structures of celery-semantics.md 3.4; where `celery` is given, that is what Celery makes of it and
 * `becomes` is ours (delivery.md 15).
 */
import { chain, chord, group, link, linkError, pipe, print } from "@umbel/canvas";
import type { Signature } from "@umbel/protocol";
import { expect, it } from "vitest";
import { shapeOf, task, withOptions } from "./build.ts";

const [s, t, u, v, w, a, b] = [task("s"), task("t"), task("u"), task("v"), task("w"), task("a"), task("b")];
const tu = group([t, u]);
const ss = group([s, s]);

const rows: readonly { expression: string; built: Signature; becomes: string; celery?: string }[] = [
  { expression: "t | u", built: pipe(t, u), becomes: "chain(t, u)" },
  { expression: "t | (u | v)", built: pipe(t, pipe(u, v)), becomes: "chain(t, u, v)" },
  { expression: "(t|u) | (v|w)", built: pipe(pipe(t, u), pipe(v, w)), becomes: "chain(t, u, v, w)" },
  { expression: "t | group(u,v)", built: pipe(t, group([u, v])), becomes: "chain(t, group(u, v))" },
  { expression: "t | group(u)", built: pipe(t, group([u])), becomes: "chain(t, group(u))", celery: "chain(t, u)" },
  {
    expression: "t | group(u,v) | s",
    built: pipe(pipe(t, group([u, v])), s),
    becomes: "chain(t, chord(group(u, v), s))",
  },
  { expression: "t | group([])", built: pipe(t, group([])), becomes: "chain(t, group())" },
  { expression: "t | group([]) | u", built: pipe(pipe(t, group([])), u), becomes: "chain(t, chord(group(), u))" },
  { expression: "group(t,u) | s", built: pipe(tu, s), becomes: "chord(group(t, u), s)" },
  { expression: "group(t,u) | group(s,s)", built: pipe(tu, ss), becomes: "chord(group(t, u), group(s, s))" },
  {
    expression: "group(t,u) | group([])",
    built: pipe(tu, group([])),
    becomes: "chord(group(t, u), group())",
    celery: "group(t, u)",
  },
  { expression: "group(t,u) | (s|v)", built: pipe(tu, pipe(s, v)), becomes: "chord(group(t, u), chain(s, v))" },
  { expression: "group(t) | s", built: pipe(group([t]), s), becomes: "chord(group(t), s)" },
  {
    expression: "chain(group(t), s)",
    built: chain([group([t]), s]),
    becomes: "chord(group(t), s)",
    celery: "chain(t, s)",
  },
  { expression: "chain(group(t,u))", built: chain([tu]), becomes: "chain(group(t, u))" },
  { expression: "chain(group(t,u), s)", built: chain([tu, s]), becomes: "chord(group(t, u), s)" },
  { expression: "chord([t],s) | u", built: pipe(chord([t], s), u), becomes: "chord(group(t), chain(s, u))" },
  {
    expression: "chord([t],s) | group(u,v)",
    built: pipe(chord([t], s), group([u, v])),
    becomes: "chain(chord(t, s), group(u, v))",
  },
  {
    expression: "chord([t],s) | group(u)",
    built: pipe(chord([t], s), group([u])),
    becomes: "chain(chord(t, s), group(u))",
    celery: "chord(t, chain(s, u))",
  },
  { expression: "chord([t],s) | (u|v)", built: pipe(chord([t], s), pipe(u, v)), becomes: "chain(chord(t, s), u, v)" },
  {
    expression: "chord([t],s) | chord([u],s)",
    built: pipe(chord([t], s), chord([u], s)),
    becomes: "chord(group(t), chain(s, chord(u, s)))",
  },
  {
    expression: "(t | chord([u],s)) | v",
    built: pipe(pipe(t, chord([u], s)), v),
    becomes: "chain(t, chord(group(u), chain(s, v)))",
  },
  {
    expression: "(t | chord([u],s)) | group(v,w)",
    built: pipe(pipe(t, chord([u], s)), group([v, w])),
    becomes: "chain(t, chord(group(u), chain(s, group(v, w))))",
  },
  {
    expression: "(t | chord) | chord2",
    built: pipe(pipe(t, chord([u], s)), chord([v], s)),
    becomes: "chain(t, chord(u, s), chord(v, s))",
  },
  {
    expression: "(t | chord([u], group(v,w))) | chord([s],s)",
    built: pipe(pipe(t, chord([u], group([v, w]))), chord([s], s)),
    becomes: "chain(t, chord(group(u), chord(group(v, w), chord(s, s))))",
    celery: "chain(t, chord(u, group(v, w)), chord(s, s))",
  },
  {
    expression: "(t | group(u,v)) | (s|w)",
    built: pipe(pipe(t, group([u, v])), pipe(s, w)),
    becomes: "chain(t, chord(group(u, v), chain(s, w)))",
  },
  {
    expression: "(group(t,u) | group(s,s)) | s",
    built: pipe(pipe(tu, ss), s),
    becomes: "chord(group(t, u), chord(group(s, s), s))",
  },
  {
    expression: "chain(g1, g2, g3)",
    built: chain([tu, ss, group([v, w])]),
    becomes: "chord(group(t, u), chord(group(s, s), group(v, w)))",
    celery: "chain(chord(group(t, u), group(s, s)), group(v, w))",
  },
  {
    expression: "chain(t, g1, g2, s)",
    built: chain([t, group([u, v]), group([w, w]), s]),
    becomes: "chain(t, chord(group(u, v), chord(group(w, w), s)))",
    celery: "chain(t, group(u, v), chord(group(w, w), s))",
  },
  {
    expression: "chord(chain(a,b), s)",
    built: chord(chain([a, b]), s),
    becomes: "chord(chain(a, b), s)",
    celery: "chord(a, b, s)",
  },
  { expression: "chain()", built: chain([]), becomes: "chain()" },
  {
    expression: "chain() | group(t,u)",
    built: pipe(chain([]), tu),
    becomes: "chain(group(t, u))",
    celery: "group(t, u)",
  },
  {
    expression: "chain(chain(t), chain(u, chain(v)))",
    built: chain([chain([t]), chain([u, chain([v])])]),
    becomes: "chain(t, u, v)",
  },
];

it.each(rows)("$expression becomes $becomes", ({ built, becomes }) => {
  expect(shapeOf(built)).toBe(becomes);
});

it("leaves what it pipes unchanged", () => {
  const parts = structuredClone([tu, ss, t]);

  chain([tu, ss, t]);

  expect([tu, ss, t]).toEqual(parts);
});

it("keeps the callbacks of a chain on the step that ended it, and its errbacks on all of its steps", () => {
  const [done, failed] = [task("done"), task("failed")];

  const piped = pipe(linkError(link(chain([t, u]), done), failed), v);

  expect(piped.kwargs["tasks"]).toEqual([linkError(t, failed), link(linkError(u, failed), done), v]);
});

it("keeps what a chord was given for its end on its old body", () => {
  const piped = pipe(withOptions(link(chord([t], s), task("done")), { task_id: "mine" }), u);

  expect(piped.kwargs["body"]).toEqual(chain([withOptions(link(s, task("done")), { task_id: "mine" }), u]));
});

it("keeps that a chord collects when its body grows", () => {
  const piped = pipe(chord([t], s, { onError: "collect" }), u);

  expect(piped.kwargs["body"]).toEqual(withOptions(chain([s, u]), { on_error: "collect" }));
});

it.each([
  [task("add", 2, 2), "tasks.add(2, 2)"],
  [{ ...task("add", 2, 2), kwargs: { debug: true } }, "tasks.add(2, 2, debug=true)"],
  [task("log", "text", null, [1], { a: undefined }), 'tasks.log("text", null, [1], {})'],
  [task("log", 1n, undefined), "tasks.log(1, undefined)"],
  [chain([task("add", 2, 2), task("add", 4)]), "tasks.add(2, 2) | tasks.add(4)"],
  [group([task("add", 1), chain([a, b])]), "group([tasks.add(1), tasks.a() | tasks.b()])"],
  [chord([task("add", 1), task("add", 2)], s), "chord([tasks.add(1), tasks.add(2)], tasks.s())"],
] as const)("prints a signature as a person would write it: %#", (canvas, text) => {
  expect(print(canvas)).toBe(text);
});
