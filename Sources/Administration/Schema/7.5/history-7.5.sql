-- One packed text per request; local times without a fold.
create table request (
  id integer not null primary key,
  operation integer not null,
  object_guid text,
  object_dn text not null,
  object_class text not null,
  initiator text not null,
  account_used text not null,
  host text not null,
  submitted text not null,
  completed text,
  zone text not null,
  status integer not null,
  detail text not null
);
create table task (
  id integer not null primary key,
  request_id integer,
  kind integer not null,
  status integer not null,
  subject text not null,
  party text not null,
  due text,
  zone text not null,
  detail text not null
);
