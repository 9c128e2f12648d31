-- Why an engine is awake, until when, and what last counted as activity (JSON), as the worker last told it; null while it is not.
ALTER TABLE engines ADD COLUMN outlook TEXT;
