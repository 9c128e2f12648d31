CREATE FUNCTION keep_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.ended_at IS NULL THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'What was used is never changed.';
END $$;
CREATE FUNCTION keep_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was used is never changed.';
END $$;
CREATE FUNCTION keep_bill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL AND NEW.micros = OLD.micros THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A bill is withdrawn, never changed.';
END $$;
CREATE TRIGGER usage_intervals_kept BEFORE UPDATE OR DELETE ON usage_intervals FOR EACH ROW EXECUTE FUNCTION keep_closed();
CREATE TRIGGER disk_intervals_kept BEFORE UPDATE OR DELETE ON disk_intervals FOR EACH ROW EXECUTE FUNCTION keep_closed();
CREATE TRIGGER usage_parts_kept BEFORE UPDATE OR DELETE ON usage_parts FOR EACH ROW EXECUTE FUNCTION keep_used();
CREATE TRIGGER work_counts_kept BEFORE UPDATE OR DELETE ON work_counts FOR EACH ROW EXECUTE FUNCTION keep_used();
CREATE TRIGGER bills_kept BEFORE UPDATE OR DELETE ON bills FOR EACH ROW EXECUTE FUNCTION keep_bill();
CREATE TRIGGER usage_intervals_emptied BEFORE TRUNCATE ON usage_intervals FOR EACH STATEMENT EXECUTE FUNCTION keep_used();
CREATE TRIGGER disk_intervals_emptied BEFORE TRUNCATE ON disk_intervals FOR EACH STATEMENT EXECUTE FUNCTION keep_used();
CREATE TRIGGER usage_parts_emptied BEFORE TRUNCATE ON usage_parts FOR EACH STATEMENT EXECUTE FUNCTION keep_used();
CREATE TRIGGER work_counts_emptied BEFORE TRUNCATE ON work_counts FOR EACH STATEMENT EXECUTE FUNCTION keep_used();
CREATE TRIGGER bills_emptied BEFORE TRUNCATE ON bills FOR EACH STATEMENT EXECUTE FUNCTION keep_bill();
