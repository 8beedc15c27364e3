package dev.agentserver.commandline;

import dev.agentserver.commandline.server.Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Which server, and as whom. A key on the command line would be seen by everybody on the machine:
/// it comes from the environment or a file.
final class ServerOptions {
  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "${env:AGENTSERVER_URL:-http://127.0.0.1:8080}",
      description = "The gateway (default: AGENTSERVER_URL, else http://127.0.0.1:8080).")
  private URI url = URI.create("http://127.0.0.1:8080");

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "Holds the API key (default: the variable AGENTSERVER_API_KEY).")
  private @Nullable Path keyFile;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  Server connect() throws IOException {
    var key =
        keyFile == null ? System.getenv("AGENTSERVER_API_KEY") : Files.readString(keyFile).strip();
    if (key == null || key.isEmpty()) {
      throw refusal("an API key is needed: --key-file FILE, or the variable AGENTSERVER_API_KEY");
    }
    if (url.getHost() == null) {
      throw refusal("--server is " + url + ", which names no host");
    }
    return Server.connect(url, key);
  }

  URI url() {
    return url;
  }

  private ParameterException refusal(String why) {
    if (spec == null) {
      throw new IllegalStateException(why);
    }
    return new ParameterException(spec.commandLine(), why);
  }
}
