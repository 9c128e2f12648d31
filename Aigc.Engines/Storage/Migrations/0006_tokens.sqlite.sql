CREATE TRIGGER audit_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'Entries of the audit log are never changed.'); END;
CREATE TRIGGER audit_deleted BEFORE DELETE ON audit WHEN OLD.at >= COALESCE((SELECT MAX(before_at) FROM audit_horizon), 0)
BEGIN SELECT RAISE(ABORT, 'Entries of the audit log are only removed for their age.'); END;
