package dev.agentserver.commandline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// What services do to their own databases, by their own programs: this only starts those, with its
/// own environment, input and output, and ends as they end.
final class ServiceCommands {
  private static final String SETTINGS = "dev.agentserver.settings.Main";
  private static final String AGENT_RUN = "dev.agentserver.agentrun.Main";

  private ServiceCommands() {}

  /// The first tenant.
  @Command(
      name = "bootstrap",
      mixinStandardHelpOptions = true,
      usageHelpAutoWidth = true,
      description = {
        "Makes the first tenant, the platform's own and the services' credential.",
        "Prints their keys once. Refuses where somebody owns a tenant already. Reads the environment "
            + "of settings-service (DB_URL, DB_OWNER_PASSWORD, SETTINGS_KEY, KEY_PEPPER, "
            + "...: docs/operations.md), and TENANT_NAME and OWNER_EMAIL."
      })
  static final class Bootstrap implements Callable<Integer> {
    @Override
    public Integer call() throws IOException, InterruptedException {
      return ServiceCommands.run(SETTINGS, "bootstrap");
    }
  }

  /// Roles and schema.
  @Command(
      name = "provision",
      mixinStandardHelpOptions = true,
      usageHelpAutoWidth = true,
      description = {
        "Makes the database roles and the schema of settings-service.",
        "It does so as DB_ADMIN_URL, DB_ADMIN_USER, DB_ADMIN_PASSWORD."
      })
  static final class Provision implements Callable<Integer> {
    @Override
    public Integer call() throws IOException, InterruptedException {
      return ServiceCommands.run(SETTINGS, "provision");
    }
  }

  /// A role for reports.
  @Command(
      name = "reader",
      mixinStandardHelpOptions = true,
      usageHelpAutoWidth = true,
      description = {
        "Makes a database role that reads the bi_ views of a tenant and nothing else.",
        "It is BI_USER with BI_PASSWORD, the tenant BI_TENANT_ID; made as DB_ADMIN_URL, DB_ADMIN_USER, DB_ADMIN_PASSWORD.",
        "Again with another tenant: that one too."
      })
  static final class Reader implements Callable<Integer> {
    @Override
    public Integer call() throws IOException, InterruptedException {
      return ServiceCommands.run(AGENT_RUN, "reader");
    }
  }

  /// Links that lead nowhere.
  static int verifyLinks() throws IOException, InterruptedException {
    return run(AGENT_RUN, "verify");
  }

  private static int run(String mainClass, String command)
      throws IOException, InterruptedException {
    return new ProcessBuilder(java(mainClass, List.of(command))).inheritIO().start().waitFor();
  }

  /// How a class on this class path is started.
  static List<String> java(String mainClass, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(arguments);
    return command;
  }
}
