-- Whether it may be woken before its owner comes: their word.
ALTER TABLE engines ADD COLUMN pre_wake BIGINT NOT NULL DEFAULT 1;

-- A session that began before its owner came (1), and when they did; null: not yet, or not at all.
ALTER TABLE sessions ADD COLUMN early BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN came_at BIGINT;
CREATE INDEX sessions_time ON sessions (started_at);
