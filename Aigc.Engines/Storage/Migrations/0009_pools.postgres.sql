CREATE FUNCTION keep_prices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A price is never changed: add the next one.';
END $$;
CREATE TRIGGER prices_kept BEFORE UPDATE ON prices FOR EACH ROW EXECUTE FUNCTION keep_prices();
