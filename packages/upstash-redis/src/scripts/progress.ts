/**
 * Shows readers an intermediate state while the attempt is held (delivery.md 5).
 *
 * KEYS record, result. ARGV retries, generation, epoch, result, its time or ''. Answers 1 when it is shown.
 *
 * @module
 */

import { isCurrent, luaFence, luaRecord, readRecord } from "./record.ts";
import { luaShow, show } from "./show.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaRecord}${luaFence}${luaShow}
if not current or record.state ~= '' then return 0 end
show(KEYS[2], ARGV[4], ARGV[5])
return 1
`;

/** The step. */
export const progress: Step = { name: "progress", lua };

/** The twin of {@link progress}. */
export const progressTwin: Twin = (call, [key = "", result = ""], args) => {
  const record = readRecord(call, key);
  if (!isCurrent(record, args) || record.state !== "") return 0;
  const [text = "", milliseconds = ""] = args.slice(3);
  show(call, result, { text, milliseconds });
  return 1;
};
