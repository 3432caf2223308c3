-- What the database says about itself. The same in every release.
create table product_info (
  name text not null primary key,
  value text not null
);
