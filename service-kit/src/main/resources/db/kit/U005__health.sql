drop function database_health();
