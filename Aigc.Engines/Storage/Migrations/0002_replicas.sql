-- Which worker leads, and in which term.
CREATE TABLE leaderships (
    role   TEXT PRIMARY KEY,
    holder TEXT,
    term   BIGINT NOT NULL,
    beat   BIGINT NOT NULL
);

-- The keys that all APIs protect their cookies with.
CREATE TABLE data_protection_keys (
    name       TEXT PRIMARY KEY,
    xml        TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- The W3C trace context of whoever last changed what is desired: the worker goes on with that trace.
ALTER TABLE engines ADD COLUMN trace_parent TEXT;
