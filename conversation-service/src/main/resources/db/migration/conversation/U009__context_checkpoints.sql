drop table context_checkpoint;
