drop table conversation_gone;
