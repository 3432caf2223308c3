-- SQLite cannot add a primary key to a table that exists: a unique index is the key.
create unique index change_request_key on change_request (id);
create unique index property_change_key on property_change (request_id, ordinal);
create unique index request_section_key on request_section (request_id, ordinal);
create unique index approval_task_key on approval_task (id);
create unique index temporal_membership_task_key on temporal_membership_task (id);
create unique index deprovisioning_task_key on deprovisioning_task (id);
create unique index original_value_key on original_value (row_id, field, ordinal);
