-- What the provider granted to people who signed out everywhere or were deleted, as encrypted by the API: it is given back, and then forgotten.
CREATE TABLE ended_access (
    refresh_token TEXT PRIMARY KEY,
    ended_at      BIGINT NOT NULL
);
