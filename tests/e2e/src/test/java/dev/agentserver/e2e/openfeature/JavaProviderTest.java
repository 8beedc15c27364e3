package dev.agentserver.e2e.openfeature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// `dev.openfeature.contrib.providers:flagd` in a process of its own: through the gateway with a
/// credential, and without one at the port that needs none. What it is asked is in
/// `tests/openfeature`.
@ExtendWith(SharedServer.class)
class JavaProviderTest {
  private static final Path MODULE = Path.of("..", "openfeature", "target");
  private static final Map<String, String> FLAGS =
      Map.of(
          "boolean", "{'on':true,'off':false}",
          "changing", "{'on':true,'off':false}",
          "string", "{'red':'#f00','blue':'#00f'}",
          "integer", "{'answer':42}",
          "number", "{'half':0.5,'two':2}",
          "object", "{'full':{'size':3}}");
  private static final String TARGETED =
      "'if':[{'ends_with':[{'var':'email'},'@agentserver.example']},'staff']";
  private static final String FRACTIONAL =
      "'fractional':[{'var':'targetingKey'},['a',50],['b',50]]";

  @Test
  void theProviderWorksThroughTheGateway(Server server) throws IOException, InterruptedException {
    probe(server, server.url().getPort(), server.key(1), "-by-gateway");
  }

  @Test
  void theProviderWorksWithoutACredential(Server server) throws IOException, InterruptedException {
    probe(server, server.flagd().getPort(), "", "-as-guest");
  }

  private static void probe(Server server, int port, String credential, String suffix)
      throws IOException, InterruptedException {
    var owner = User.owner(server, 1);
    FLAGS.forEach((name, variants) -> create(owner, name + suffix, variants, "{}"));
    create(
        owner,
        "targeted" + suffix,
        "{'standard':'standard','staff':'staff'}",
        "{" + TARGETED + "}");
    create(owner, "fractional" + suffix, "{'a':'a','b':'b'}", "{" + FRACTIONAL + "}");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                MODULE.resolve("classes")
                    + File.pathSeparator
                    + Files.readString(MODULE.resolve("class-path")).strip(),
                "dev.agentserver.openfeature.Probe",
                Integer.toString(port),
                credential,
                suffix)
            .redirectErrorStream(true)
            .start();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      var printed = new StringBuilder();
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        printed.append(line).append('\n');
        if (line.equals("READY")) {
          change(owner, "changing" + suffix);
        }
      }
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(printed.toString()).isZero();
      assertThat(printed.toString()).contains("DONE");
    } finally {
      process.destroyForcibly();
    }
  }

  private static void create(User owner, String key, String variants, String targeting) {
    var first = variants.substring(2, variants.indexOf('\'', 2));
    var flag =
        "{'key':'%s','definition':{'state':'ENABLED','variants':%s,'defaultVariant':'%s','targeting':%s}}"
            .formatted(key, variants, first, targeting);
    owner.http().post("/v1/flags", flag.replace('\'', '"')).expect(201);
  }

  private static void change(User owner, String key) {
    var flag =
        "{'definition':{'state':'ENABLED','variants':{'on':true,'off':false},'defaultVariant':'off'}}";
    owner.http().patch("/v1/flags/" + key, flag.replace('\'', '"')).expect(200);
  }
}
