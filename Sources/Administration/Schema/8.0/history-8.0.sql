-- Instants with the offset that was in force, names in place of codes, typed object ids.
create table change_request (
  id integer not null primary key,
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
  changes text not null
);
create table request_section (
  id integer not null primary key,
  request_id integer not null,
  ordinal integer not null,
  kind text not null,
  name text not null,
  outcome text,
  message text
);
create table task (
  id integer not null primary key,
  request_id integer,
  kind text not null,
  state text not null,
  subject text not null,
  party text not null,
  due_at instant,
  due_offset integer,
  zone text not null,
  detail text not null
);
