/**
 * The tables of the push gateway. Steps are never changed, only added to.
 *
 * @module
 */

/** Steps for `Database.migrate`. */
export const schema: readonly string[] = [
  `
  -- What messages share their limits with: see lane.ts. Those without limits are in the lane ''.
  CREATE TABLE lane (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('free', 'queue', 'flow')),
    parallelism INTEGER,
    rate INTEGER,
    period INTEGER NOT NULL DEFAULT 1000,
    window_start INTEGER NOT NULL DEFAULT 0,
    window_count INTEGER NOT NULL DEFAULT 0,
    paused INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO lane (name, kind, created_at, updated_at) VALUES ('', 'free', 0, 0);

  CREATE TABLE message (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    lane TEXT NOT NULL,
    -- When it is to be sent: set while it waits (CREATED, RETRY), else NULL.
    due INTEGER,
    retried INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    host TEXT NOT NULL,
    path TEXT NOT NULL,
    caller_ip TEXT,
    -- Of a callback: the lane that does not go on before it has ended, and the message that it tells about.
    held_lane TEXT,
    source TEXT,
    draft TEXT NOT NULL,
    body BLOB
  ) STRICT;
  CREATE INDEX message_due ON message (lane, due, seq) WHERE due IS NOT NULL;
  CREATE INDEX message_begun ON message (lane) WHERE state IN ('ACTIVE', 'CANCEL_REQUESTED', 'RETRY');
  CREATE INDEX message_holding ON message (held_lane) WHERE held_lane IS NOT NULL;

  CREATE TABLE label (
    label TEXT NOT NULL,
    message INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
    PRIMARY KEY (label, message)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX label_message ON label (message);

  CREATE TABLE deduplication (
    key TEXT PRIMARY KEY,
    message_id TEXT NOT NULL,
    expires INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deduplication_expires ON deduplication (expires);

  CREATE TABLE dead_letter (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    message INTEGER NOT NULL UNIQUE REFERENCES message ON DELETE CASCADE,
    failed_at INTEGER NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body BLOB
  ) STRICT;
  CREATE INDEX dead_letter_failed_at ON dead_letter (failed_at);

  CREATE TABLE signing_key (
    -- The keys that were configured when these became valid: other ones in the configuration replace them.
    configured TEXT PRIMARY KEY,
    current TEXT NOT NULL,
    next TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- The lanes of hosts take the place of the one lane ''.
  CREATE INDEX message_open ON message (lane, host) WHERE state IN ('ACTIVE', 'CANCEL_REQUESTED');
  INSERT OR IGNORE INTO lane (name, kind, created_at, updated_at)
    SELECT DISTINCT 'host:' || host, 'free', 0, 0 FROM message WHERE lane = '';
  UPDATE message SET lane = 'host:' || host WHERE lane = '';
  DELETE FROM lane WHERE name = '';
  -- A callback that has failed holds up its queue no longer.
  UPDATE message SET held_lane = NULL WHERE state = 'FAILED';
  `,
  `
  -- Before this instant nothing in the lane can be delivered; NULL: nothing waits. It may be too early, never too late.
  ALTER TABLE lane ADD COLUMN first INTEGER;
  UPDATE lane SET first = (SELECT MIN(due) FROM message WHERE message.lane = lane.name AND due IS NOT NULL);
  CREATE INDEX lane_first ON lane (first) WHERE first IS NOT NULL;
  -- What is being delivered is counted by the process that does it.
  DROP INDEX message_open;
  `,
  `
  -- What is due in a lane and could not be begun: '' waits for room in the lane itself, anything else is the host at which
  -- it waits for a place; NULL: nothing does. It has done so since an instant; \`first\` is then when else something may be due.
  ALTER TABLE lane ADD COLUMN held TEXT;
  ALTER TABLE lane ADD COLUMN since INTEGER;
  -- Pinned limits of a flow-control key: messages do not change them.
  ALTER TABLE lane ADD COLUMN pinned_parallelism INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE lane ADD COLUMN pinned_rate INTEGER NOT NULL DEFAULT 0;
  DROP INDEX lane_first;
  CREATE INDEX lane_first ON lane (first) WHERE first IS NOT NULL AND NOT paused;
  CREATE INDEX lane_held ON lane (held, since) WHERE held > '' AND NOT paused;
  `,
  `
  CREATE TABLE schedule (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    cron TEXT NOT NULL,
    paused INTEGER NOT NULL DEFAULT 0,
    -- When it is due; NULL: never, or it is paused.
    next INTEGER,
    -- When it sent its message last, which one that was, and whether it was delivered.
    last INTEGER,
    last_message TEXT,
    last_succeeded INTEGER NOT NULL DEFAULT 0,
    caller_ip TEXT,
    created_at INTEGER NOT NULL,
    -- Of each message.
    draft TEXT NOT NULL,
    body BLOB
  ) STRICT;
  CREATE INDEX schedule_next ON schedule (next) WHERE next IS NOT NULL;
  `,
  `
  -- The last answer to a message that waits for its retry, its body cut for the logs; a dead letter has its own.
  ALTER TABLE message ADD COLUMN answer_status INTEGER;
  ALTER TABLE message ADD COLUMN answer_headers TEXT;
  ALTER TABLE message ADD COLUMN answer_body BLOB;
  -- What lists are filtered by. Among equals rows are in the order of their numbers, in which lists are read.
  CREATE INDEX message_state ON message (state);
  -- Of queues and keys only, that whatever asks for all of a lane has no choice but the indexes above.
  CREATE INDEX message_queue ON message (lane) WHERE lane > 'queue:' AND lane < 'queue;';
  CREATE INDEX message_flow ON message (lane) WHERE lane > 'flow:' AND lane < 'flow;';
  CREATE INDEX message_path ON message (path);
  CREATE INDEX message_host ON message (host);
  CREATE INDEX message_created_at ON message (created_at);
  CREATE INDEX dead_letter_status ON dead_letter (status);
  `,
];
