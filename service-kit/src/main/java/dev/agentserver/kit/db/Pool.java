package dev.agentserver.kit.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.observe.Metrics;
import org.jspecify.annotations.Nullable;

/// The connections of a service's runtime role.
final class Pool {
  private Pool() {}

  static HikariDataSource open(DatabaseConfig config, @Nullable Metrics metrics) {
    var settings = settings(config);
    if (metrics != null) {
      settings.setMetricRegistry(metrics.registry());
    }
    return new HikariDataSource(settings);
  }

  private static HikariConfig settings(DatabaseConfig config) {
    var hikari = new HikariConfig();
    hikari.setPoolName(config.schema());
    hikari.setJdbcUrl(config.url());
    hikari.setUsername(config.runtimeUser());
    hikari.setPassword(config.runtimePassword().value());
    hikari.setMaximumPoolSize(config.poolSize());
    hikari.setConnectionTimeout(Math.max(250, config.acquireTimeout().toMillis()));
    hikari.setValidationTimeout(Math.max(250, config.acquireTimeout().toMillis() / 2));
    hikari.setInitializationFailTimeout(-1);
    // PostgreSQL compiles a statement that it expects to be dear, and is mistaken where an index
    // knows better: the compiling takes longer than any of these runs.
    hikari.setConnectionInitSql("set jit = off");
    hikari.addDataSourceProperty("currentSchema", config.schema());
    hikari.addDataSourceProperty("ApplicationName", config.schema());
    hikari.addDataSourceProperty("tcpKeepAlive", "true");
    hikari.addDataSourceProperty("reWriteBatchedInserts", "true");
    // The last resort against a peer that is gone without a word: longer than any statement may
    // run.
    hikari.addDataSourceProperty(
        "socketTimeout", String.valueOf(config.statementTimeout().plusSeconds(5).toSeconds()));
    hikari.addDataSourceProperty("connectTimeout", "5");
    return hikari;
  }
}
