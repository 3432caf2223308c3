-- UUID keys, one row per changed property, a table per kind of task.
create table change_request (
  id uuid not null primary key,
  operation text not null,
  object_guid uuid,
  object_dn text not null,
  object_class text not null,
  initiator text not null,
  account_used text not null,
  host text not null,
  submitted_at instant not null,
  submitted_offset integer not null,
  completed_at instant,
  completed_offset integer,
  zone text not null,
  state text not null,
  reason text
);
create table property_change (
  request_id uuid not null,
  ordinal integer not null,
  name text not null,
  old_value text,
  new_value text,
  primary key (request_id, ordinal)
);
create table request_section (
  request_id uuid not null,
  ordinal integer not null,
  kind text not null,
  name text not null,
  outcome text,
  message text,
  primary key (request_id, ordinal)
);
create table approval_task (
  id uuid not null primary key,
  request_id uuid,
  subject text not null,
  approver text not null,
  due_at instant,
  due_offset integer,
  zone text not null,
  state text not null,
  decision text,
  comment text
);
create table temporal_membership_task (
  id uuid not null primary key,
  request_id uuid,
  member text not null,
  group_dn text not null,
  action text not null,
  due_at instant,
  due_offset integer,
  zone text not null,
  state text not null
);
create table deprovisioning_task (
  id uuid not null primary key,
  request_id uuid,
  subject text not null,
  policy text not null,
  due_at instant,
  due_offset integer,
  zone text not null,
  state text not null,
  actions text not null
);
