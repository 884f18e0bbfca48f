/**
 * Every atomic step that the backend and the stores beside it ask of Redis; an embedded engine runs their twins (delivery.md 20).
 *
 * @module
 */

import type { StoreScript } from "@umbel/protocol";
import { changeEntries, changeEntriesTwin } from "./scripts/change-entries.ts";
import { claim, claimTwin } from "./scripts/claim.ts";
import { countAll, countAllTwin } from "./scripts/count-all.ts";
import { direct, directTwin } from "./scripts/direct.ts";
import { dueEntries, dueEntriesTwin } from "./scripts/due-entries.ts";
import { emit, emitTwin } from "./scripts/emit.ts";
import { finish, finishTwin } from "./scripts/finish.ts";
import { join, joinTwin } from "./scripts/join.ts";
import { keepText, keepTextTwin } from "./scripts/keep-text.ts";
import { listActive, listActiveTwin } from "./scripts/list-active.ts";
import { listEntries, listEntriesTwin } from "./scripts/list-entries.ts";
import { listRevoked, listRevokedTwin } from "./scripts/list-revoked.ts";
import { listWorkers, listWorkersTwin } from "./scripts/list-workers.ts";
import { namedEntries, namedEntriesTwin } from "./scripts/named-entries.ts";
import { pastEvents, pastEventsTwin } from "./scripts/past-events.ts";
import { progress, progressTwin } from "./scripts/progress.ts";
import { renew, renewTwin } from "./scripts/renew.ts";
import { revoke, revokeTwin } from "./scripts/revoke.ts";
import { settle, settleTwin } from "./scripts/settle.ts";
import { showDirectives, showDirectivesTwin } from "./scripts/show-directives.ts";
import { showRecords, showRecordsTwin } from "./scripts/show-records.ts";

/** The steps, for whoever runs an engine that has no Lua. */
export const scripts: readonly StoreScript[] = [
  { ...claim, twin: claimTwin },
  { ...renew, twin: renewTwin },
  { ...progress, twin: progressTwin },
  { ...finish, twin: finishTwin },
  { ...settle, twin: settleTwin },
  { ...join, twin: joinTwin },
  { ...revoke, twin: revokeTwin },
  { ...emit, twin: emitTwin },
  { ...keepText, twin: keepTextTwin },
  { ...dueEntries, twin: dueEntriesTwin },
  { ...namedEntries, twin: namedEntriesTwin },
  { ...listEntries, twin: listEntriesTwin },
  { ...changeEntries, twin: changeEntriesTwin },
  { ...countAll, twin: countAllTwin },
  { ...direct, twin: directTwin },
  { ...listActive, twin: listActiveTwin },
  { ...listRevoked, twin: listRevokedTwin },
  { ...listWorkers, twin: listWorkersTwin },
  { ...pastEvents, twin: pastEventsTwin },
  { ...showDirectives, twin: showDirectivesTwin },
  { ...showRecords, twin: showRecordsTwin },
];
