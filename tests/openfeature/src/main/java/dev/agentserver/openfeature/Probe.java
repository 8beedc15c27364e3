package dev.agentserver.openfeature;

import dev.openfeature.contrib.providers.flagd.Config;
import dev.openfeature.contrib.providers.flagd.FlagdOptions;
import dev.openfeature.contrib.providers.flagd.FlagdProvider;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.Value;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Asks OpenFeature's flagd provider for Java what it makes of a server, and ends with 1 where that
/// is not what it should. Arguments: the port, a credential or nothing, and what the names of the
/// flags end with.
public final class Probe {
  private static final int DEADLINE_MS = 10_000;

  private final Client client;
  private final String suffix;

  private Probe(Client client, String suffix) {
    this.client = client;
    this.suffix = suffix;
  }

  public static void main(String[] arguments) throws InterruptedException {
    var api = OpenFeatureAPI.getInstance();
    api.setProviderAndWait(provider(Integer.parseInt(arguments[0]), arguments[1]));
    var changed = new LinkedBlockingQueue<List<String>>();
    api.onProviderConfigurationChanged(event -> changed.add(event.getFlagsChanged()));
    var probe = new Probe(api.getClient(), arguments[2]);
    probe.values();
    probe.rules();
    probe.faults();
    System.out.println("READY");
    probe.change(changed);
    System.out.println("DONE");
    api.shutdown();
    System.exit(0);
  }

  private static FlagdProvider provider(int port, String credential) {
    var options =
        FlagdOptions.builder()
            .resolverType(Config.Resolver.RPC)
            .host("127.0.0.1")
            .port(port)
            .deadline(DEADLINE_MS);
    if (!credential.isEmpty()) {
      options.clientInterceptors(List.of(new Credential(credential)));
    }
    return new FlagdProvider(options.build());
  }

  private String named(String name) {
    return name + suffix;
  }

  private void values() {
    require("boolean", client.getBooleanValue(named("boolean"), false), true);
    require("string", client.getStringValue(named("string"), "none"), "#f00");
    require("integer", client.getIntegerValue(named("integer"), 0), 42);
    require("double", client.getDoubleValue(named("number"), 0.0), 0.5);
    var object = client.getObjectValue(named("object"), new Value());
    require("object", object.asStructure().getValue("size").asDouble(), 3.0);
  }

  private void rules() {
    var staff = new ImmutableContext(Map.of("email", new Value("x@agentserver.example")));
    require("targeted", client.getStringValue(named("targeted"), "none", staff), "staff");
    require("not targeted", client.getStringValue(named("targeted"), "none"), "standard");
    var groups =
        IntStream.range(0, 40)
            .mapToObj(user -> new ImmutableContext("user-" + user))
            .map(user -> client.getStringValue(named("fractional"), "none", user))
            .distinct()
            .sorted()
            .toList();
    require("fractional", groups, List.of("a", "b"));
  }

  private void faults() {
    var missing = client.getBooleanDetails("nowhere", true);
    require("missing", missing.getErrorCode(), ErrorCode.FLAG_NOT_FOUND);
    require("default of a missing flag", missing.getValue(), true);
    var other = client.getBooleanDetails(named("targeted"), true);
    require("type", other.getErrorCode(), ErrorCode.TYPE_MISMATCH);
  }

  /// Whoever started this changes the flag after READY.
  private void change(LinkedBlockingQueue<List<String>> changed) throws InterruptedException {
    var flag = named("changing");
    require("before", client.getBooleanValue(flag, false), true);
    for (var keys = List.<String>of(); !keys.contains(flag); ) {
      keys = changed.poll(DEADLINE_MS, TimeUnit.MILLISECONDS);
      if (keys == null) {
        throw new AssertionError("no event names " + flag);
      }
    }
    require("after", client.getBooleanValue(flag, true), false);
  }

  private static void require(String what, Object actual, Object expected) {
    if (!Objects.equals(actual, expected)) {
      throw new AssertionError(what + " is " + actual + ", expected was " + expected);
    }
  }
}
