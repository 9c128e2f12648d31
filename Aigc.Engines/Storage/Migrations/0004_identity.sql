-- What the provider granted with a browser's sign-in, and where that was. The API encrypts the tokens; the provider's session is known by its hash.
CREATE TABLE provider_access (
    key              TEXT PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    user_id          TEXT NOT NULL,
    began_at         BIGINT NOT NULL,
    address          TEXT,
    browser          TEXT,
    provider_session TEXT,
    id_token         TEXT,
    refresh_token    TEXT,
    renew_at         BIGINT,
    version          BIGINT NOT NULL DEFAULT 0,
    failures         BIGINT NOT NULL DEFAULT 0,
    in_doubt         BIGINT NOT NULL DEFAULT 0,
    claim            TEXT,
    claim_ends_at    BIGINT
);
CREATE INDEX provider_access_user ON provider_access (user_id);
CREATE INDEX provider_access_session ON provider_access (provider_session);
CREATE INDEX provider_access_renew ON provider_access (renew_at);
CREATE INDEX sign_ins_user ON sign_ins (user_id);

-- The provider's words that somebody signed out: each counts once.
CREATE TABLE used_logout_tokens (
    id         TEXT PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX used_logout_tokens_expires ON used_logout_tokens (expires_at);
