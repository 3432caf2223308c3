-- Tables renamed, sections in a table of their own, local times with a fold.
create table change_history (
  id integer not null primary key,
  operation integer not null,
  object_guid text,
  object_dn text not null,
  object_class text not null,
  initiator text not null,
  account_used text not null,
  host text not null,
  submitted text not null,
  submitted_fold integer not null,
  completed text,
  completed_fold integer,
  zone text not null,
  status integer not null,
  changes text not null
);
create table change_history_section (
  id integer not null primary key,
  request_id integer not null,
  ordinal integer not null,
  kind text not null,
  name text not null,
  outcome text,
  message text
);
create table management_task (
  id integer not null primary key,
  request_id integer,
  kind integer not null,
  status integer not null,
  subject text not null,
  party text not null,
  due text,
  due_fold integer,
  zone text not null,
  detail text not null
);
