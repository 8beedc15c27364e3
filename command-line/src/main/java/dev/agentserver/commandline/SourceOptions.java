package dev.agentserver.commandline;

import dev.agentserver.commandline.prisma.LegacyAccess;
import dev.agentserver.commandline.prisma.PrismaSource;
import dev.agentserver.commandline.source.ArchiveSource;
import dev.agentserver.commandline.source.ChatGptSource;
import dev.agentserver.commandline.source.ClaudeSource;
import dev.agentserver.commandline.source.HistorySource;
import dev.agentserver.commandline.source.TreeSource;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/// What is read: which form, and where it is.
final class SourceOptions {
  /// The forms there are.
  enum Form {
    /// ChatGPT's export.
    chatgpt,
    /// Claude's export.
    claude,
    /// Open Assistant trees.
    trees,
    /// What `agentctl export` writes.
    agentserver,
    /// The legacy tables of a Prisma client.
    prisma
  }

  @Parameters(
      index = "0",
      paramLabel = "FORM",
      description = {
        "chatgpt: conversations.json, or the zip that holds it;",
        "claude: conversations.json, or the zip that holds it;",
        "trees: Open Assistant trees, a JSON object a line;",
        "agentserver: what ./agentctl export writes;",
        "prisma: a database with the tables Conversation and Message, also mapped to other names."
      })
  private Form form = Form.agentserver;

  @Parameters(
      index = "1",
      paramLabel = "SOURCE",
      description = {
        "The file; of prisma a JDBC URL without a password: "
            + "user and password come from LEGACY_DB_USER and LEGACY_DB_PASSWORD."
      })
  private String source = "";

  HistorySource open() {
    return switch (form) {
      case chatgpt -> new ChatGptSource(Path.of(source));
      case claude -> new ClaudeSource(Path.of(source));
      case trees -> new TreeSource(Path.of(source));
      case agentserver -> new ArchiveSource(Path.of(source));
      case prisma -> new PrismaSource(LegacyAccess.of(source));
    };
  }

  Form form() {
    return form;
  }

  String source() {
    return source;
  }
}
