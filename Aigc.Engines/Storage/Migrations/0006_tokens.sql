-- What a token is good for; those from before keep everything. Engines: ids separated by spaces, null for all of the person's.
ALTER TABLE tokens ADD COLUMN scopes TEXT NOT NULL DEFAULT 'engines:read engines:use engines:manage admin';
ALTER TABLE tokens ADD COLUMN engines TEXT;
ALTER TABLE tokens ADD COLUMN last_used_from TEXT;

-- The audit log is read newest first, by time.
DROP INDEX audit_at;
DROP INDEX audit_actor;
DROP INDEX audit_target;
DROP INDEX audit_group;
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_actor ON audit (actor_id, at, id);
CREATE INDEX audit_owner ON audit (owner_id, at, id);
CREATE INDEX audit_group ON audit (group_id, at, id);
CREATE INDEX audit_target ON audit (target_id, at, id);
CREATE INDEX audit_action ON audit (action, at, id);
CREATE INDEX audit_outcome ON audit (outcome, at, id);

-- One row, once entries were removed for their age: what is older may be deleted, everything else is kept by triggers.
CREATE TABLE audit_horizon (
    log       TEXT PRIMARY KEY,
    before_at BIGINT NOT NULL,
    looked_at BIGINT NOT NULL
);
