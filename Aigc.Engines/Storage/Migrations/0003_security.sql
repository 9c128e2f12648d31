-- What somebody may do: User, GroupManager or Admin.
ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT 'User';
UPDATE users SET role = 'Admin' WHERE is_admin = 1;
ALTER TABLE users DROP COLUMN is_admin;

-- Who did what to what, from where, and what came of it. Rows are added and, when they are older than is asked for, removed; never changed.
CREATE TABLE audit (
    id          {counted key},
    at          BIGINT NOT NULL,
    action      TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    actor_id    TEXT,
    actor_name  TEXT NOT NULL,
    address     TEXT,
    target_kind TEXT,
    target_id   TEXT,
    target_name TEXT,
    owner_id    TEXT,
    group_id    TEXT,
    detail      TEXT
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_actor ON audit (actor_id, id);
CREATE INDEX audit_target ON audit (target_kind, target_id, id);
CREATE INDEX audit_group ON audit (group_id, id);
