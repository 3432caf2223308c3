-- Every row tells which import brought it. The keys and indexes of the large tables stand in files of their
-- own, because a bulk import creates them after the rows; until then no column is declared a key.
create table history_source (
  id integer not null primary key,
  identity text not null unique,
  kind text not null,
  name text not null,
  version text,
  first_seen_at instant not null
);
create table history_import (
  id integer not null primary key,
  source_id integer not null,
  run_id uuid not null,
  range_from instant,
  range_until instant,
  state text not null,
  started_at instant not null,
  finished_at instant
);
create table change_request (
  id uuid not null,
  operation text not null,
  object_guid uuid,
  object_dn text not null,
  object_class text not null,
  initiator text not null,
  account_used text not null,
  host text not null,
  requested_at instant not null,
  requested_offset integer not null,
  completed_at instant,
  completed_offset integer,
  zone text not null,
  ambiguous flag not null,
  state text not null,
  reason text,
  import_id integer not null,
  source_key text not null
);
create table property_change (
  request_id uuid not null,
  ordinal integer not null,
  name text not null,
  old_value text,
  new_value text,
  import_id integer not null
);
create table request_section (
  request_id uuid not null,
  ordinal integer not null,
  kind text not null,
  name text not null,
  outcome text,
  message text,
  import_id integer not null
);
create table approval_task (
  id uuid not null,
  request_id uuid,
  subject text not null,
  approver text not null,
  due_at instant,
  due_offset integer,
  zone text not null,
  ambiguous flag not null,
  state text not null,
  decision text,
  comment text,
  import_id integer not null,
  source_key text not null,
  revision integer not null
);
create table temporal_membership_task (
  id uuid not null,
  request_id uuid,
  member text not null,
  group_dn text not null,
  action text not null,
  due_at instant,
  due_offset integer,
  zone text not null,
  ambiguous flag not null,
  state text not null,
  import_id integer not null,
  source_key text not null,
  revision integer not null
);
create table deprovisioning_task (
  id uuid not null,
  request_id uuid,
  subject text not null,
  policy text not null,
  due_at instant,
  due_offset integer,
  zone text not null,
  ambiguous flag not null,
  state text not null,
  actions text not null,
  import_id integer not null,
  source_key text not null,
  revision integer not null
);
create table original_value (
  row_id uuid not null,
  ordinal integer not null,
  field text not null,
  value bytes not null,
  import_id integer not null
);
