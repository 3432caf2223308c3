-- The ways in which the history is asked: by object; tasks by what is due. By name and by person: in the engine's file.
create index change_request_object_guid on change_request (object_guid, requested_at);
create index approval_task_due on approval_task (state, due_at);
create index temporal_membership_task_due on temporal_membership_task (state, due_at);
create index deprovisioning_task_due on deprovisioning_task (state, due_at);
