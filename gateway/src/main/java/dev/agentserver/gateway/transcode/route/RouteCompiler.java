package dev.agentserver.gateway.transcode.route;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.Descriptor;
import dev.agentserver.gateway.contract.FieldPath;
import dev.agentserver.gateway.contract.Fields;
import dev.agentserver.gateway.contract.Method;
import dev.agentserver.gateway.transcode.codec.Wire;
import dev.agentserver.gateway.transcode.options.Option;
import dev.agentserver.gateway.transcode.options.TranscoderOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes routes of the google.api.http rules of one method. A rule that could never work is an
/// IllegalArgumentException, so that the process does not start with it.
final class RouteCompiler {
  private final Method method;
  private final TranscoderOptions options;

  RouteCompiler(Method method, TranscoderOptions options) {
    this.method = method;
    this.options = options;
  }

  List<Route> compile() {
    var declared = method.descriptor().getOptions();
    if (!declared.hasExtension(AnnotationsProto.http)) {
      return options.is(Option.AUTO_MAPPING) && !method.isGrpcOnly()
          ? List.of(route(ownPath(), false))
          : List.of();
    }
    var rule = declared.getExtension(AnnotationsProto.http);
    if (method.isGrpcOnly()) {
      throw wrong(rule, "the method is for gRPC alone");
    }
    var routes = new ArrayList<Route>();
    routes.add(route(rule, false));
    for (var additional : rule.getAdditionalBindingsList()) {
      if (additional.getAdditionalBindingsCount() > 0) {
        throw wrong(additional, "additional bindings do not nest");
      }
      routes.add(route(additional, true));
    }
    return routes;
  }

  /// The rule of a method that has none.
  private HttpRule ownPath() {
    return HttpRule.newBuilder().setPost("/" + method.fullName()).setBody("*").build();
  }

  private Route route(HttpRule rule, boolean additional) {
    var template = template(rule);
    var isLiteral = additional && !template.isVersioned();
    var responseBody = options.isEnvoy() ? httpBody(rule, additional) : responseBody(rule);
    return new Route(
        httpMethod(rule),
        template,
        method,
        variables(rule, template),
        body(rule),
        responseBody,
        responseBody == null
            ? Fields.isHttpBody(method.response())
            : Fields.isHttpBody(responseBody.leaf()),
        isLiteral && !options.isEnvoy() ? defaults(rule) : List.of());
  }

  private Template template(HttpRule rule) {
    try {
      return Template.parse(path(rule));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "Cannot register '%s' to path matcher: %s"
              .formatted(method.descriptor().getFullName(), wrong.getMessage()),
          wrong);
    }
  }

  private String httpMethod(HttpRule rule) {
    return switch (rule.getPatternCase()) {
      case GET -> "GET";
      case PUT -> "PUT";
      case POST -> "POST";
      case DELETE -> "DELETE";
      case PATCH -> "PATCH";
      case CUSTOM -> rule.getCustom().getKind();
      case PATTERN_NOT_SET -> throw wrong(rule, "it has no path");
    };
  }

  private String path(HttpRule rule) {
    return switch (rule.getPatternCase()) {
      case GET -> rule.getGet();
      case PUT -> rule.getPut();
      case POST -> rule.getPost();
      case DELETE -> rule.getDelete();
      case PATCH -> rule.getPatch();
      case CUSTOM -> rule.getCustom().getPath();
      case PATTERN_NOT_SET -> throw wrong(rule, "it has no path");
    };
  }

  private Map<String, FieldPath> variables(HttpRule rule, Template template) {
    var variables = new HashMap<String, FieldPath>();
    for (var variable : template.variables()) {
      var field = field(rule, variable.field());
      if (field.leaf().isRepeated() || Fields.isMessage(field.leaf())) {
        throw wrong(rule, variable.field() + " is no single value, a path cannot bind it");
      }
      variables.put(variable.field(), field);
    }
    return variables;
  }

  private Route.BodyRule body(HttpRule rule) {
    var isRaw = Fields.isHttpBody(method.request());
    return switch (rule.getBody()) {
      case "" -> isRaw ? new Route.BodyRule.Raw(null) : new Route.BodyRule.None();
      case "*" -> isRaw ? new Route.BodyRule.Raw(null) : new Route.BodyRule.Whole();
      case String name -> oneField(field(rule, name));
    };
  }

  private static Route.BodyRule oneField(FieldPath field) {
    return Fields.isHttpBody(field.leaf())
        ? new Route.BodyRule.Raw(field)
        : new Route.BodyRule.OneField(field);
  }

  private @Nullable FieldPath responseBody(HttpRule rule) {
    if (rule.getResponseBody().isEmpty()) {
      return null;
    }
    return FieldPath.resolve(method.response(), rule.getResponseBody())
        .orElseThrow(() -> wrong(rule, unknown(method.response(), rule.getResponseBody())));
  }

  /// Envoy puts out raw bodies alone, and none for an additional binding.
  private @Nullable FieldPath httpBody(HttpRule rule, boolean additional) {
    var field = additional ? null : responseBody(rule);
    if (field != null && !Fields.isHttpBody(field.leaf())) {
      throw wrong(rule, "Setting \"response_body\" is not supported yet for non-HttpBody fields");
    }
    return field;
  }

  private List<Route.Default> defaults(HttpRule rule) {
    var defaults = new ArrayList<Route.Default>();
    method
        .policy()
        .getAliasDefaultsMap()
        .forEach(
            (name, value) -> {
              var field = field(rule, name);
              try {
                defaults.add(new Route.Default(field, Wire.parse(field, value)));
              } catch (IllegalArgumentException notAValue) {
                throw wrong(rule, "the default of " + name + " " + notAValue.getMessage());
              }
            });
    return defaults;
  }

  private FieldPath field(HttpRule rule, String name) {
    return FieldPath.resolve(method.request(), name)
        .orElseThrow(() -> wrong(rule, unknown(method.request(), name)));
  }

  private static String unknown(Descriptor type, String field) {
    return "Could not find field \"%s\" in the type \"%s\"".formatted(field, type.getFullName());
  }

  private IllegalArgumentException wrong(HttpRule rule, String what) {
    return new IllegalArgumentException(
        "the route of %s cannot work: %s; the rule is { %s }"
            .formatted(method, what, rule.toString().replace("\n", " ").strip()));
  }
}
