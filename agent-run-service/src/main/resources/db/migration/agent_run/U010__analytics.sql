drop view bi_analytics_event, bi_budget_period, bi_session, bi_run, bi_usage_day_agent_model, bi_usage_day_user, bi_usage_day_model,
  bi_usage_line, bi_usage_quantity, bi_usage_event;
drop table bi_reader;
drop table analytics_event;
