drop index conversation_member_shared_idx;
drop table message_search;
