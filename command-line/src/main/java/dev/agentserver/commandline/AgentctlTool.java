package dev.agentserver.commandline;

import java.io.PrintWriter;
import java.util.spi.ToolProvider;

/// `agentctl` for programs that run in the same JVM, as the JDK's own tools are for them.
public final class AgentctlTool implements ToolProvider {
  @Override
  public String name() {
    return "agentctl";
  }

  @Override
  public int run(PrintWriter out, PrintWriter err, String... arguments) {
    return Agentctl.commandLine().setOut(out).setErr(err).execute(arguments);
  }
}
