/**
 * The tables of the embedded engine.
 *
 * One row a key in `redis_key`. Strings, small hashes and the newest entries of a stream are in that row; what else is in a key is in the table of its type
 * and goes when the key goes. A key of a collection never stands empty, as in Redis: `size` is kept so that the last removal is seen without counting.
 * Everything is bytes: SQLite compares them as Redis does.
 *
 * @module
 */

/** Steps for `Database.migrate("redis", …)`: they only ever grow. */
export const schema: readonly string[] = [
  `
  CREATE TABLE redis_key (
    id INTEGER PRIMARY KEY,
    name BLOB NOT NULL UNIQUE,
    type TEXT NOT NULL CHECK (type IN ('string', 'hash', 'list', 'set', 'zset', 'stream')),
    size INTEGER NOT NULL,
    expires INTEGER -- milliseconds since 1970; NULL: never
  ) STRICT;
  CREATE INDEX redis_key_expires ON redis_key (expires) WHERE expires IS NOT NULL;

  CREATE TABLE redis_string (
    key INTEGER PRIMARY KEY REFERENCES redis_key ON DELETE CASCADE,
    value BLOB NOT NULL
  ) STRICT;

  CREATE TABLE redis_hash (
    key INTEGER NOT NULL REFERENCES redis_key ON DELETE CASCADE,
    field BLOB NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (key, field)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE redis_list (
    key INTEGER NOT NULL REFERENCES redis_key ON DELETE CASCADE,
    position INTEGER NOT NULL, -- grows to the right; may be negative, may have gaps
    value BLOB NOT NULL,
    PRIMARY KEY (key, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE redis_set (
    key INTEGER NOT NULL REFERENCES redis_key ON DELETE CASCADE,
    member BLOB NOT NULL,
    PRIMARY KEY (key, member)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE redis_zset (
    key INTEGER NOT NULL REFERENCES redis_key ON DELETE CASCADE,
    member BLOB NOT NULL,
    score REAL NOT NULL,
    PRIMARY KEY (key, member)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX redis_zset_score ON redis_zset (key, score, member);

  CREATE TABLE redis_stream (
    key INTEGER NOT NULL REFERENCES redis_key ON DELETE CASCADE,
    milliseconds INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    fields BLOB NOT NULL,
    PRIMARY KEY (key, milliseconds, sequence)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Of a string its value; of a small hash its fields, see packed-fields.ts; else NULL.
  ALTER TABLE redis_key ADD COLUMN value BLOB;
  UPDATE redis_key SET value = (SELECT value FROM redis_string WHERE key = redis_key.id) WHERE type = 'string';
  DROP TABLE redis_string;
  `,
  `
  -- Of a stream its last id and its newest entries stand with the key, and of the others many in a row: see stream-entries.ts.
  CREATE TABLE redis_stream_row (
    id INTEGER PRIMARY KEY,
    key INTEGER NOT NULL REFERENCES redis_key ON DELETE CASCADE,
    milliseconds INTEGER NOT NULL, -- of the last entry's id
    sequence INTEGER NOT NULL,
    size INTEGER NOT NULL, -- how many entries
    entries BLOB NOT NULL,
    UNIQUE (key, milliseconds, sequence)
  ) STRICT;
  INSERT INTO redis_stream_row (key, milliseconds, sequence, size, entries)
    SELECT key, milliseconds, sequence, 1,
      unhex(printf('%016x%016x%08x', milliseconds, sequence, length(fields)) || hex(fields))
    FROM redis_stream;
  DROP TABLE redis_stream;
  UPDATE redis_key SET value = NULL WHERE type = 'stream';
  `,
];
