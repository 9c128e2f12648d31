-- Supplies of GPUs, in the order in which they are preferred. One that was removed stays, for what it cost.
CREATE TABLE pools (
    name       TEXT PRIMARY KEY,
    position   BIGINT NOT NULL,
    body       TEXT NOT NULL,
    removed_at BIGINT
);

-- What an hour of a pool's GPU (gpu:NAME) and a GiB of disk for a month (disk) cost, in millionths of the currency, until the next price.
-- Rows are added; never changed.
CREATE TABLE prices (
    item       TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    micros     BIGINT NOT NULL,
    PRIMARY KEY (item, valid_from)
);

-- What everybody, a group or a person may use (quota), what a group's share of scarce cards is (share), how their engines fall asleep (idle).
CREATE TABLE rules (
    kind       TEXT NOT NULL,
    scope_kind TEXT NOT NULL,
    scope_id   TEXT NOT NULL,
    body       TEXT NOT NULL,
    PRIMARY KEY (kind, scope_kind, scope_id)
);

-- Where its compute is, or was last, and why there; how much it has now, in units of the pool and in thousandths of cards.
ALTER TABLE engines ADD COLUMN pool TEXT;
ALTER TABLE engines ADD COLUMN pool_why TEXT;
ALTER TABLE engines ADD COLUMN pool_units BIGINT NOT NULL DEFAULT 0;
ALTER TABLE engines ADD COLUMN milli_gpus BIGINT NOT NULL DEFAULT 0;
-- Since when it has been wanted awake: its place in the queue, whoever leads. The pool that its owner asked for, this once.
ALTER TABLE engines ADD COLUMN asked_at BIGINT;
ALTER TABLE engines ADD COLUMN asked_pool TEXT;

ALTER TABLE usage_intervals ADD COLUMN pool TEXT NOT NULL DEFAULT '';
ALTER TABLE usage_intervals ADD COLUMN milli_gpus BIGINT NOT NULL DEFAULT 0;
CREATE INDEX usage_intervals_time ON usage_intervals (started_at);
CREATE INDEX usage_intervals_owner ON usage_intervals (owner_id, started_at);
CREATE INDEX usage_intervals_group ON usage_intervals (group_id, started_at);
