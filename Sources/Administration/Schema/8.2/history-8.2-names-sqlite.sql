-- An index holds names of any length.
create index change_request_object_dn on change_request (object_dn, requested_at);
create index change_request_initiator on change_request (initiator, requested_at);
