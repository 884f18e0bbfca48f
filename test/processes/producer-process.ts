/**
 * A producer in a process of its own: `bun producer-process.ts SIZE ID` sends a chord of so many members, under an id that
 * is known in advance.
 */

import { chord } from "umbel";
import { openJournal } from "./journal.ts";
import { stageApp, type StageSettings, stageTasks } from "./stage-app.ts";

const [, , size, taskId = ""] = process.argv;
const settings: StageSettings = JSON.parse(process.env["UMBEL_STAGE"] ?? "");
const journal = openJournal(settings.journalUrl);
const { count, total } = stageTasks(stageApp(settings), journal);

const header = Array.from({ length: Number(size) }, (_, index) => count.si(`member ${index}`));
await chord(header, total.s()).applyAsync({ taskId });
console.log("sent");
