package dev.agentserver.e2e.server;

import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/// Agent Server as production runs it: a PostgreSQL, and each part a process of its own, in the
/// profile prod. Everything is made by the commands that the documents name.
public final class Deployment {
  private static final String LOOPBACK = "127.0.0.1";
  private static final SecureRandom RANDOM = new SecureRandom();

  /// What there is to start.
  public enum Kind {
    CONVERSATION("dev.agentserver.conversation.Main"),
    SETTINGS("dev.agentserver.settings.Main"),
    AGENT_RUN("dev.agentserver.agentrun.Main"),
    GATEWAY("dev.agentserver.gateway.Main");

    private final String main;

    Kind(String main) {
      this.main = main;
    }
  }

  private final Database database;
  private final Map<String, String> passwords = new HashMap<>();
  private final Map<Kind, Integer> ports = new HashMap<>();
  private final Map<Kind, Integer> adminPorts = new HashMap<>();
  private final String settingsKey = Base64.getEncoder().encodeToString(random());
  private final String pepper = secret();
  private final String ownerKey;
  private final String serviceCredential;

  private Deployment(Database database) {
    this.database = database;
    for (var kind : Kind.values()) {
      ports.put(kind, FreePort.find());
      adminPorts.put(kind, FreePort.find());
    }
    run(Kind.CONVERSATION, "provision");
    run(Kind.SETTINGS, "provision");
    run(Kind.AGENT_RUN, "provision");
    var printed = run(Kind.SETTINGS, "bootstrap");
    this.ownerKey = field(printed, "owner key");
    this.serviceCredential = field(printed, "SERVICE_CREDENTIAL");
  }

  /// Makes the roles, the schemas and the first tenant in an empty database.
  public static Deployment in(Database database) {
    return new Deployment(database);
  }

  public Part start(Kind kind) {
    return Part.start(kind.name(), CommandLine.quick(kind.main), environment(kind));
  }

  public URI gateway() {
    return URI.create("http://" + LOOPBACK + ":" + ports.get(Kind.GATEWAY));
  }

  /// The key of the first tenant's owner.
  public String ownerKey() {
    return ownerKey;
  }

  private String run(Kind kind, String command) {
    var part =
        Part.start(kind + "-" + command, CommandLine.quick(kind.main, command), environment(kind));
    var exit = part.awaitExit();
    if (exit.code() != 0) {
      throw new IllegalStateException(kind + " " + command + ":\n" + exit.output().text());
    }
    return exit.output().text();
  }

  private static String field(String printed, String name) {
    return printed
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(name + " is not in:\n" + printed));
  }

  private Map<String, String> environment(Kind kind) {
    var all = new HashMap<String, String>();
    all.put("AGENTSERVER_PROFILE", "prod");
    all.put("HOST", LOOPBACK);
    all.put("PORT", Integer.toString(ports.get(kind)));
    all.put("ADMIN_PORT", Integer.toString(adminPorts.get(kind)));
    switch (kind) {
      case CONVERSATION -> {
        all.putAll(database("conversation"));
        all.put("AGENT_RUN_TARGET", target(Kind.AGENT_RUN));
        all.put("FILE_TARGET", "none");
        all.putAll(access());
      }
      case AGENT_RUN -> {
        all.putAll(database("agent_run"));
        all.put("CONVERSATION_TARGET", target(Kind.CONVERSATION));
        all.put("FILE_TARGET", "none");
        all.putAll(access());
      }
      case SETTINGS -> {
        all.putAll(database("settings"));
        all.put("HTTP_PORT", "0");
        all.put("SETTINGS_KEY", settingsKey);
        all.put("KEY_PEPPER", pepper);
        all.put("AGENT_RUN_TARGET", target(Kind.AGENT_RUN));
      }
      case GATEWAY -> {
        all.putAll(access());
        all.put(
            "UPSTREAMS",
            "agentserver.conversation.v1=%s;agentserver.settings.v1=%s;agentserver.agentrun.v1=%s"
                .formatted(
                    target(Kind.CONVERSATION), target(Kind.SETTINGS), target(Kind.AGENT_RUN)));
      }
    }
    return all;
  }

  private Map<String, String> access() {
    var access = new HashMap<>(Map.of("ACCESS_TARGET", target(Kind.SETTINGS)));
    if (serviceCredential != null) {
      access.put("SERVICE_CREDENTIAL", serviceCredential);
    }
    return access;
  }

  private String target(Kind kind) {
    return "static:" + LOOPBACK + ":" + ports.get(kind);
  }

  /// Roles belong to the whole PostgreSQL, so they are named after this deployment.
  private Map<String, String> database(String schema) {
    var runtime = "deployed_" + schema;
    var owner = "deployed_" + schema + "_owner";
    return Map.of(
        "DB_URL", database.url(),
        "DB_USER", runtime,
        "DB_PASSWORD", passwords.computeIfAbsent(runtime, _ -> secret()),
        "DB_OWNER_USER", owner,
        "DB_OWNER_PASSWORD", passwords.computeIfAbsent(owner, _ -> secret()),
        "DB_ADMIN_URL", database.url(),
        "DB_ADMIN_USER", "postgres",
        "DB_ADMIN_PASSWORD", database.password());
  }

  private static byte[] random() {
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static String secret() {
    return HexFormat.of().formatHex(random());
  }
}
