drop table session_artifact_revision;
drop table session_artifact;
drop table session_checkpoint;
drop table session_phase;
drop table session;
drop table project_onboarding_step;
drop table project;
