-- Primary keys, made after the rows.
alter table change_request add constraint change_request_key primary key (id);
alter table property_change add constraint property_change_key primary key (request_id, ordinal);
alter table request_section add constraint request_section_key primary key (request_id, ordinal);
alter table approval_task add constraint approval_task_key primary key (id);
alter table temporal_membership_task add constraint temporal_membership_task_key primary key (id);
alter table deprovisioning_task add constraint deprovisioning_task_key primary key (id);
alter table original_value add constraint original_value_key primary key (row_id, field, ordinal);
