CREATE TRIGGER rules_inserted AFTER INSERT ON rules BEGIN INSERT INTO changes (kind, id) VALUES ('rule', NEW.kind); END;
CREATE TRIGGER rules_updated AFTER UPDATE ON rules BEGIN INSERT INTO changes (kind, id) VALUES ('rule', NEW.kind); END;
CREATE TRIGGER rules_deleted AFTER DELETE ON rules BEGIN INSERT INTO changes (kind, id) VALUES ('rule', OLD.kind); END;
CREATE TRIGGER pools_inserted AFTER INSERT ON pools BEGIN INSERT INTO changes (kind, id) VALUES ('pool', NEW.name); END;
CREATE TRIGGER pools_updated AFTER UPDATE ON pools BEGIN INSERT INTO changes (kind, id) VALUES ('pool', NEW.name); END;
CREATE TRIGGER pools_deleted AFTER DELETE ON pools BEGIN INSERT INTO changes (kind, id) VALUES ('pool', OLD.name); END;
