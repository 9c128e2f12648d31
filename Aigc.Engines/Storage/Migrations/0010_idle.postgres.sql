CREATE FUNCTION notify_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('aigc_changes', 'rule ' || COALESCE(NEW.kind, OLD.kind));
    RETURN NULL;
END $$;
CREATE FUNCTION notify_pool() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('aigc_changes', 'pool ' || COALESCE(NEW.name, OLD.name));
    RETURN NULL;
END $$;
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON rules FOR EACH ROW EXECUTE FUNCTION notify_rule();
CREATE TRIGGER pools_changed AFTER INSERT OR UPDATE OR DELETE ON pools FOR EACH ROW EXECUTE FUNCTION notify_pool();
