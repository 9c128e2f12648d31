-- The change feed: whoever listens is told which row to read again.
CREATE FUNCTION notify_engine() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('aigc_changes', 'engine ' || COALESCE(NEW.id, OLD.id));
    RETURN NULL;
END $$;
CREATE FUNCTION notify_template() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('aigc_changes', 'template ' || COALESCE(NEW.name, OLD.name));
    RETURN NULL;
END $$;
CREATE TRIGGER engines_changed AFTER INSERT OR UPDATE OR DELETE ON engines FOR EACH ROW EXECUTE FUNCTION notify_engine();
CREATE TRIGGER templates_changed AFTER INSERT OR UPDATE OR DELETE ON templates FOR EACH ROW EXECUTE FUNCTION notify_template();
