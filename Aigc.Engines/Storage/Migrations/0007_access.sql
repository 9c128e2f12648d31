-- Who besides the owner may open an engine: shares, and administrators' accesses, which stay a while after their end.
CREATE TABLE engine_access (
    id           TEXT PRIMARY KEY,
    engine_id    TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id   TEXT NOT NULL,
    level        TEXT NOT NULL,
    granted_by   TEXT NOT NULL,
    reason       TEXT,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT
);
CREATE INDEX engine_access_engine ON engine_access (engine_id);
CREATE INDEX engine_access_subject ON engine_access (subject_kind, subject_id);

-- The same as JSON, written in the same transaction: whoever reads an engine has what decides who may open it.
ALTER TABLE engines ADD COLUMN access TEXT;
CREATE INDEX engines_group ON engines (group_id);
CREATE INDEX users_user_name ON users (user_name);

-- Disks of deleted people: until when they are kept, for an engine on its way out and for one that is gone.
ALTER TABLE engines ADD COLUMN disk_until BIGINT;
ALTER TABLE kept_disks ADD COLUMN remove_at BIGINT;

-- Credentials of deleted people that the proxies may still have to be told of.
CREATE TABLE ended_credentials (
    key TEXT PRIMARY KEY,
    at  BIGINT NOT NULL
);
