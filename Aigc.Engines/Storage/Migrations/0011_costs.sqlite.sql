CREATE TRIGGER usage_intervals_changed BEFORE UPDATE ON usage_intervals WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'What was used is never changed.'); END;
CREATE TRIGGER usage_intervals_deleted BEFORE DELETE ON usage_intervals
BEGIN SELECT RAISE(ABORT, 'What was used is never removed.'); END;
CREATE TRIGGER disk_intervals_changed BEFORE UPDATE ON disk_intervals WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'What was used is never changed.'); END;
CREATE TRIGGER disk_intervals_deleted BEFORE DELETE ON disk_intervals
BEGIN SELECT RAISE(ABORT, 'What was used is never removed.'); END;
CREATE TRIGGER usage_parts_changed BEFORE UPDATE ON usage_parts
BEGIN SELECT RAISE(ABORT, 'What was used is never changed.'); END;
CREATE TRIGGER usage_parts_deleted BEFORE DELETE ON usage_parts
BEGIN SELECT RAISE(ABORT, 'What was used is never removed.'); END;
CREATE TRIGGER work_counts_changed BEFORE UPDATE ON work_counts
BEGIN SELECT RAISE(ABORT, 'What was used is never changed.'); END;
CREATE TRIGGER work_counts_deleted BEFORE DELETE ON work_counts
BEGIN SELECT RAISE(ABORT, 'What was used is never removed.'); END;
CREATE TRIGGER bills_changed BEFORE UPDATE ON bills WHEN OLD.withdrawn_at IS NOT NULL OR NEW.micros <> OLD.micros
BEGIN SELECT RAISE(ABORT, 'A bill is withdrawn, never changed.'); END;
CREATE TRIGGER bills_deleted BEFORE DELETE ON bills
BEGIN SELECT RAISE(ABORT, 'A bill is withdrawn, never removed.'); END;
