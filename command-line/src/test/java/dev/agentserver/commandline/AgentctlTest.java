package dev.agentserver.commandline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentctlTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  @Test
  void theHelpListsEveryCommandAndWhatTheExitCodesMean() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("import", "export", "verify", "job", "bootstrap", "provision", "reader")
        .contains("Exit codes");
    assertThat(run("help", "import")).isZero();
    assertThat(out.toString()).contains("--owners", "--dry-run", "--background", "chatgpt");
  }

  @Test
  void whatIsNotUnderstoodEndsWithTwo() {
    assertThat(run("frobnicate")).isEqualTo(2);
    assertThat(run("import", "papyrus", "file")).isEqualTo(2);
    assertThat(run("import", "claude", "file", "--follow", "5")).isEqualTo(2);
    assertThat(run("export")).isEqualTo(2);
    assertThat(err.toString()).contains("frobnicate", "papyrus", "--follow is for prisma", "--to");
  }

  @Test
  void whatCannotBeDoneEndsWithThreeAndOneLine() throws IOException {
    var key = Files.writeString(directory.resolve("key"), "ag_test").toString();
    var missing = directory.resolve("missing.json").toString();
    var job = directory.resolve("job").toString();
    assertThat(run("import", "claude", missing, "--key-file", key, "--job", job)).isEqualTo(3);
    assertThat(err.toString().strip()).isEqualTo("./agentctl: there is no file " + missing);
    assertThat(run("job", job)).as("it failed").isEqualTo(3);
  }

  @Test
  void aProgramRunsItInItsOwnProcess() {
    var tool = ToolProvider.findFirst("agentctl").orElseThrow();
    assertThat(tool.run(new PrintWriter(out, true), new PrintWriter(err, true), "--help")).isZero();
    assertThat(out.toString()).contains("import");
  }

  private int run(String... arguments) {
    return Agentctl.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
