package dev.agentserver.e2e.access;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.Reply;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A request message as a route wants it: its path, and a body where the route has one, else a
/// query.
///
/// @param streamed whether the answer has no end
public record RestForm(String verb, String path, String body, boolean streamed) {
  private static final Pattern VARIABLE = Pattern.compile("\\{([^}=]+)[^}]*}");

  public static RestForm of(MethodDescriptor method, HttpRule route, Message request) {
    var json = (ObjectNode) json(request);
    var template =
        switch (route.getPatternCase()) {
          case GET -> route.getGet();
          case POST -> route.getPost();
          case PATCH -> route.getPatch();
          case PUT -> route.getPut();
          case DELETE -> route.getDelete();
          case CUSTOM, PATTERN_NOT_SET -> throw new IllegalArgumentException("no verb: " + route);
        };
    var path = VARIABLE.matcher(template).replaceAll(variable -> take(json, variable));
    return new RestForm(
        route.getPatternCase().name(),
        route.getBody().isEmpty() ? path + query(json) : path,
        body(route, json),
        method.isServerStreaming());
  }

  /// Where there is no body, plain fields are in the query.
  private static String query(ObjectNode json) {
    var query =
        json.properties().stream()
            .filter(field -> field.getValue().isValueNode())
            .map(field -> field.getKey() + "=" + Http.encoded(field.getValue().asText()))
            .collect(joining("&"));
    return query.isEmpty() ? "" : "?" + query;
  }

  /// What is in the path is not in the body.
  private static String take(ObjectNode json, MatchResult variable) {
    var names = variable.group(1).split("\\.");
    var holder = json;
    for (var i = 0; i < names.length - 1; i++) {
      holder = (ObjectNode) holder.path(names[i]);
    }
    return holder.remove(names[names.length - 1]).asText();
  }

  private static String body(HttpRule route, ObjectNode json) {
    return switch (route.getBody()) {
      case "" -> null;
      case "*" -> json.toString();
      default -> json.path(route.getBody()).toString();
    };
  }

  private static JsonNode json(Message request) {
    try {
      return Json.parse(JsonFormat.printer().preservingProtoFieldNames().print(request));
    } catch (InvalidProtocolBufferException failure) {
      throw new IllegalStateException(failure);
    }
  }

  public Reply send(Http http) {
    if (streamed) {
      return http.begin(path);
    }
    return body == null ? http.send(verb, path, null) : http.json(verb, path, body);
  }
}
