package dev.agentserver.commandline;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The command line of `./agentctl`.
@Command(
    name = "./agentctl",
    mixinStandardHelpOptions = true,
    version = "Agent Server 0.1.0",
    usageHelpAutoWidth = true,
    description = {"What is not one RPC's business, from the command line.", ""},
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ImportCommand.class,
      JobCommand.class,
      ExportCommand.class,
      VerifyCommand.class,
      ServiceCommands.Bootstrap.class,
      ServiceCommands.Provision.class,
      ServiceCommands.Reader.class,
      HelpCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:done, but something failed or differs: the output or the report says what",
      "2:the command was not understood",
      "3:it could not be done"
    })
public final class Agentctl implements Runnable {
  /// It could not be done.
  static final int NOT_DONE = 3;

  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    System.setProperty("logback.configurationFile", "agentctl-logback.xml");
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    IExecutionExceptionHandler oneLine =
        (failure, command, _) -> {
          command.getErr().println("./agentctl: " + Failures.said(failure));
          return NOT_DONE;
        };
    return new CommandLine(new Agentctl())
        .setExecutionExceptionHandler(oneLine)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
