-- Portable between SQLite and Postgres: text ids, epoch milliseconds, JSON as text. {counted key} is each one's own type.

CREATE TABLE groups (
    id         TEXT PRIMARY KEY,
    created_at BIGINT NOT NULL
);

CREATE TABLE users (
    id           TEXT PRIMARY KEY,
    user_name    TEXT NOT NULL,
    name         TEXT NOT NULL,
    email        TEXT,
    group_id     TEXT NOT NULL,
    is_admin     INTEGER NOT NULL,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);

CREATE TABLE templates (
    name       TEXT PRIMARY KEY,
    version    TEXT NOT NULL,
    source     TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE template_versions (
    name       TEXT NOT NULL,
    version    TEXT NOT NULL,
    spec       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (name, version)
);

CREATE TABLE engines (
    id                  TEXT PRIMARY KEY,
    owner_id            TEXT NOT NULL,
    group_id            TEXT NOT NULL,
    template            TEXT NOT NULL,
    template_version    TEXT NOT NULL,
    host                TEXT NOT NULL UNIQUE,
    desired             TEXT NOT NULL,
    desired_code        TEXT NOT NULL,
    desired_detail      TEXT,
    generation          BIGINT NOT NULL,
    restart_generation  BIGINT NOT NULL DEFAULT 0,
    keep_disk           INTEGER NOT NULL DEFAULT 1,
    keep_awake_until    BIGINT,
    last_visit          BIGINT,
    created_at          BIGINT NOT NULL,
    state               TEXT NOT NULL,
    reason_code         TEXT NOT NULL,
    reason_detail       TEXT,
    state_since         BIGINT NOT NULL,
    observed_generation BIGINT NOT NULL DEFAULT 0,
    runtime_uid         TEXT,
    address             TEXT,
    ready_at            BIGINT,
    row_version         BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX engines_owner ON engines (owner_id);
CREATE INDEX engines_template ON engines (template, template_version);

-- Disks that outlived their engines, so that their owners can have them back.
CREATE TABLE kept_disks (
    engine_id  TEXT PRIMARY KEY,
    owner_id   TEXT NOT NULL,
    template   TEXT NOT NULL,
    host       TEXT NOT NULL,
    deleted_at BIGINT NOT NULL
);

CREATE TABLE engine_events (
    id            {counted key},
    engine_id     TEXT NOT NULL,
    at            BIGINT NOT NULL,
    state         TEXT NOT NULL,
    reason_code   TEXT NOT NULL,
    reason_detail TEXT,
    actor         TEXT
);
CREATE INDEX engine_events_engine ON engine_events (engine_id, id);

-- A session is the stretch from wake to sleep of one engine.
CREATE TABLE sessions (
    id         {counted key},
    engine_id  TEXT NOT NULL,
    owner_id   TEXT NOT NULL,
    group_id   TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT,
    end_code   TEXT
);
CREATE INDEX sessions_engine ON sessions (engine_id, started_at);

-- Compute from allocation to release; one row for each run of a program or pod, by its uid.
CREATE TABLE usage_intervals (
    runtime_uid      TEXT PRIMARY KEY,
    engine_id        TEXT NOT NULL,
    owner_id         TEXT NOT NULL,
    group_id         TEXT NOT NULL,
    template         TEXT NOT NULL,
    template_version TEXT NOT NULL,
    started_at       BIGINT NOT NULL,
    ended_at         BIGINT
);
CREATE INDEX usage_intervals_engine ON usage_intervals (engine_id, started_at);

CREATE TABLE sign_ins (
    key        TEXT PRIMARY KEY,
    parent     TEXT,
    user_id    TEXT NOT NULL,
    body       TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_ins_parent ON sign_ins (parent);
CREATE INDEX sign_ins_expires ON sign_ins (expires_at);

CREATE TABLE tokens (
    id           TEXT PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    user_id      TEXT NOT NULL,
    name         TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT,
    last_used_at BIGINT
);
CREATE INDEX tokens_user ON tokens (user_id);
