package dev.agentserver.settings.envoy;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.ExtensionRegistry;
import dev.agentserver.common.v1.Policy;
import dev.agentserver.settings.envoy.Routes.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads from the contracts what each route needs: the same annotations that drive the gateway.
final class RoutesProto {
  private static final String DESCRIPTORS = "/agentserver/descriptor.binpb";
  private static final Pattern VARIABLE = Pattern.compile("\\{[^=}]+(?:=([^}]*))?}");
  private static final Pattern WILDCARD = Pattern.compile("\\*{1,2}");

  private RoutesProto() {}

  /// The routes of every service there is, not only of this one.
  static Routes read() {
    var registry = ExtensionRegistry.newInstance();
    AnnotationsProto.registerAllExtensions(registry);
    dev.agentserver.common.v1.AnnotationsProto.registerAllExtensions(registry);
    try (var resource = RoutesProto.class.getResourceAsStream(DESCRIPTORS)) {
      if (resource == null) {
        throw new IllegalStateException(DESCRIPTORS + " is not on the class path");
      }
      return new Routes(
          FileDescriptorSet.parseFrom(resource, registry).getFileList().stream()
              .flatMap(RoutesProto::routes)
              .toList());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Stream<Route> routes(FileDescriptorProto file) {
    var routes = new ArrayList<Route>();
    for (var service : file.getServiceList()) {
      var prefix = "/" + file.getPackage() + "." + service.getName() + "/";
      for (var method : service.getMethodList()) {
        var policy =
            method.getOptions().getExtension(dev.agentserver.common.v1.AnnotationsProto.policy);
        var path = Pattern.compile(Pattern.quote(prefix + method.getName()));
        routes.add(new Route("POST", path, need(policy)));
        rules(method).forEach(rule -> routes.add(rest(rule, method, policy)));
      }
    }
    return routes.stream();
  }

  private static Need need(Policy policy) {
    if (policy.getInternal() || policy.getPermission().isEmpty()) {
      return Need.CLOSED;
    }
    return policy.getPermission().equals("public") ? Need.NOTHING : Need.CREDENTIAL;
  }

  private static List<HttpRule> rules(MethodDescriptorProto method) {
    if (!method.getOptions().hasExtension(AnnotationsProto.http)) {
      return List.of();
    }
    var main = method.getOptions().getExtension(AnnotationsProto.http);
    return Stream.concat(Stream.of(main), main.getAdditionalBindingsList().stream()).toList();
  }

  private static Route rest(HttpRule rule, MethodDescriptorProto method, Policy policy) {
    var need = need(policy);
    var opened = rule.hasGet() && method.getServerStreaming() && !method.getClientStreaming();
    return new Route(
        verb(rule),
        path(rule),
        opened && need == Need.CREDENTIAL ? Need.CREDENTIAL_OR_TICKET : need);
  }

  private static String verb(HttpRule rule) {
    return switch (rule.getPatternCase()) {
      case GET -> "GET";
      case PUT -> "PUT";
      case POST -> "POST";
      case DELETE -> "DELETE";
      case PATCH -> "PATCH";
      case CUSTOM -> rule.getCustom().getKind();
      case PATTERN_NOT_SET -> throw new IllegalStateException("a rule has no path: " + rule);
    };
  }

  private static Pattern path(HttpRule rule) {
    var template =
        switch (rule.getPatternCase()) {
          case GET -> rule.getGet();
          case PUT -> rule.getPut();
          case POST -> rule.getPost();
          case DELETE -> rule.getDelete();
          case PATCH -> rule.getPatch();
          case CUSTOM -> rule.getCustom().getPath();
          case PATTERN_NOT_SET -> throw new IllegalStateException("a rule has no path: " + rule);
        };
    return Pattern.compile(expression(template));
  }

  /// A template as a regular expression: a variable without a pattern is one segment, `*` too, `**`
  /// is the rest. What follows a colon is a verb, not part of a variable.
  static String expression(String template) {
    var bare =
        VARIABLE
            .matcher(template)
            .replaceAll(match -> match.group(1) == null ? "*" : match.group(1));
    var expression = new StringBuilder();
    var from = 0;
    for (var wildcard : WILDCARD.matcher(bare).results().toList()) {
      expression.append(Pattern.quote(bare.substring(from, wildcard.start())));
      expression.append(wildcard.group().length() == 1 ? "[^/:]+" : ".*");
      from = wildcard.end();
    }
    return expression.append(Pattern.quote(bare.substring(from))).toString();
  }
}
