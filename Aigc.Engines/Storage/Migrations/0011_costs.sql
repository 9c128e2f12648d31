-- Disks from their making to their removal: one row for each size. What is closed is never changed.
CREATE TABLE disk_intervals (
    engine_id        TEXT NOT NULL,
    owner_id         TEXT NOT NULL,
    group_id         TEXT NOT NULL,
    template         TEXT NOT NULL,
    template_version TEXT NOT NULL,
    bytes            BIGINT NOT NULL,
    started_at       BIGINT NOT NULL,
    ended_at         BIGINT,
    PRIMARY KEY (engine_id, started_at)
);
CREATE INDEX disk_intervals_end ON disk_intervals (ended_at);

-- Stretches of a run in which nobody used it (Idle), or somebody besides its owner could (Shared); added once they are over.
CREATE TABLE usage_parts (
    runtime_uid TEXT NOT NULL,
    kind        TEXT NOT NULL,
    started_at  BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL,
    PRIMARY KEY (runtime_uid, kind, started_at)
);
CREATE INDEX usage_parts_end ON usage_parts (ended_at);

-- Pictures or jobs that a run reported, since the row before.
CREATE TABLE work_counts (
    id          {counted key},
    runtime_uid TEXT NOT NULL,
    at          BIGINT NOT NULL,
    amount      BIGINT NOT NULL
);
CREATE INDEX work_counts_at ON work_counts (at);
CREATE INDEX work_counts_run ON work_counts (runtime_uid);

-- What a pool really cost, from a day to a day (exclusive), in millionths of the currency, and how many thousandths of a GPU were paid for
-- (null: unknown). A bill is withdrawn, never changed.
CREATE TABLE bills (
    id           TEXT PRIMARY KEY,
    pool         TEXT NOT NULL,
    from_day     TEXT NOT NULL,
    to_day       TEXT NOT NULL,
    micros       BIGINT NOT NULL,
    milli_gpus   BIGINT,
    note         TEXT,
    entered_at   BIGINT NOT NULL,
    entered_by   TEXT NOT NULL,
    withdrawn_at BIGINT
);

CREATE INDEX usage_intervals_end ON usage_intervals (ended_at);
CREATE INDEX engine_events_at ON engine_events (at);
