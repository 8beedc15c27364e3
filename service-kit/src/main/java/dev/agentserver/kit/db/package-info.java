/// PostgreSQL: connections, transactions, migrations, roles, ids and page tokens. With the stores,
/// the only place that knows SQL.
package dev.agentserver.kit.db;
