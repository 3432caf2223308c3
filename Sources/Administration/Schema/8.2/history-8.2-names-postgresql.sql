-- An index holds no more than 2704 bytes of what cannot be compressed, and names may be longer: their first 256
-- characters are indexed. Who asks for a name compares these and the whole (docs/lineage.md).
create index change_request_object_dn on change_request (substr(object_dn, 1, 256), requested_at);
create index change_request_initiator on change_request (substr(initiator, 1, 256), requested_at);
