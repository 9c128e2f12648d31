-- SQLite has no NOTIFY: the change feed is a table that triggers fill.
CREATE TABLE changes (
    seq  INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id   TEXT NOT NULL
);
CREATE TRIGGER engines_inserted AFTER INSERT ON engines BEGIN INSERT INTO changes (kind, id) VALUES ('engine', NEW.id); END;
CREATE TRIGGER engines_updated AFTER UPDATE ON engines BEGIN INSERT INTO changes (kind, id) VALUES ('engine', NEW.id); END;
CREATE TRIGGER engines_deleted AFTER DELETE ON engines BEGIN INSERT INTO changes (kind, id) VALUES ('engine', OLD.id); END;
CREATE TRIGGER templates_inserted AFTER INSERT ON templates BEGIN INSERT INTO changes (kind, id) VALUES ('template', NEW.name); END;
CREATE TRIGGER templates_updated AFTER UPDATE ON templates BEGIN INSERT INTO changes (kind, id) VALUES ('template', NEW.name); END;
CREATE TRIGGER templates_deleted AFTER DELETE ON templates BEGIN INSERT INTO changes (kind, id) VALUES ('template', OLD.name); END;
