CREATE TRIGGER prices_changed BEFORE UPDATE ON prices
BEGIN SELECT RAISE(ABORT, 'A price is never changed: add the next one.'); END;
