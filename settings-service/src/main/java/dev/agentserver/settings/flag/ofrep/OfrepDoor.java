package dev.agentserver.settings.flag.ofrep;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.kit.grpc.RefusalSink;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.flag.rule.ErrorCode;
import dev.agentserver.settings.flag.serve.Selector;
import dev.agentserver.settings.flag.serve.ServedFlags;
import dev.agentserver.settings.flag.value.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/// OFREP: one flag, all flags, and a stream of changes.
final class OfrepDoor implements HttpService {
  private static final String FLAGS = "/ofrep/v1/evaluate/flags";
  private static final String JSON = "application/json; charset=utf-8";

  private final ServedFlags flags;
  private final Entrance entrance;
  private final OfrepEvents events;
  private final RefusalSink refusals;
  private final ExecutorService threads;

  /// @param threads runs what may wait: a key may have to be looked up, flags to be read
  OfrepDoor(
      ServedFlags flags,
      Entrance entrance,
      OfrepEvents events,
      RefusalSink refusals,
      ExecutorService threads) {
    this.flags = flags;
    this.entrance = entrance;
    this.events = events;
    this.refusals = refusals;
    this.threads = threads;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    return HttpResponse.of(
        request
            .aggregate()
            .thenApplyAsync(
                whole -> {
                  var asked = new Asked(context, whole);
                  try {
                    return answer(asked);
                  } catch (RuntimeException fault) {
                    return refuse(asked, fault);
                  }
                },
                threads));
  }

  /// A request and, as soon as it is known, who makes it.
  private static final class Asked {
    private final ServiceRequestContext context;
    private final AggregatedHttpRequest request;
    private @Nullable Caller caller;

    Asked(ServiceRequestContext context, AggregatedHttpRequest request) {
      this.context = context;
      this.request = request;
    }

    String path() {
      return context.path();
    }

    String header(String name) {
      return request.headers().get(name, "");
    }
  }

  private HttpResponse answer(Asked asked) {
    var path = asked.path();
    if (path.equals(OfrepEvents.PATH)) {
      requireMethod(asked, HttpMethod.GET);
      return listen(asked);
    }
    if (path.equals(FLAGS)) {
      requireMethod(asked, HttpMethod.POST);
      return all(asked, admit(asked, entrance.caller(asked.request.headers())));
    }
    if (path.startsWith(FLAGS + "/") && path.indexOf('/', FLAGS.length() + 1) < 0) {
      requireMethod(asked, HttpMethod.POST);
      var key = decoded(path.substring(FLAGS.length() + 1));
      return one(asked, admit(asked, entrance.caller(asked.request.headers())), key);
    }
    throw new Problem.NotFound("page", path).raise();
  }

  private static void requireMethod(Asked asked, HttpMethod method) {
    if (asked.request.method() != method) {
      throw new Problem.Refused("UNIMPLEMENTED", "the method must be " + method, Map.of()).raise();
    }
  }

  private static Caller admit(Asked asked, Caller caller) {
    asked.caller = caller;
    Entrance.admit(caller);
    return caller;
  }

  private HttpResponse one(Asked asked, Caller caller, String key) {
    var resolution =
        flags.evaluate(caller, asked.header(Selector.HEADER), key, context(asked.request));
    var status =
        resolution.error().map(code -> code == ErrorCode.FLAG_NOT_FOUND ? 404 : 400).orElse(200);
    return json(ResponseHeaders.of(status), Json.print(OfrepJson.flag(key, resolution)));
  }

  /// The ETag is that of what was evaluated; how to hear of changes is new each time.
  private HttpResponse all(Asked asked, Caller caller) {
    var selector = asked.header(Selector.HEADER);
    var found = OfrepJson.flags(flags.evaluate(caller, selector, context(asked.request)));
    var etag = etag(Json.print(found));
    var known = Arrays.asList(asked.header("if-none-match").split("\\s*,\\s*"));
    if (known.contains(etag) || known.contains("W/" + etag)) {
      return HttpResponse.of(ResponseHeaders.builder(304).set("etag", etag).build());
    }
    var body = new LinkedHashMap<String, @Nullable Object>();
    body.put("flags", found);
    body.put("eventStreams", List.of(events.offer(caller, selector, asked.request.headers())));
    return json(
        ResponseHeaders.builder(200).set("etag", etag).set("cache-control", "private").build(),
        Json.print(body));
  }

  private HttpResponse listen(Asked asked) {
    var ticket = asked.context.queryParam("ticket");
    var caller =
        ticket == null || Entrance.hasCredential(asked.request.headers())
            ? entrance.caller(asked.request.headers())
            : entrance.ofTicket(ticket, OfrepEvents.PATH);
    admit(asked, caller);
    var environment = asked.context.queryParam("environment");
    var selector =
        environment == null ? asked.header(Selector.HEADER) : "environment=" + environment;
    return events.open(asked.context, caller, selector);
  }

  @SuppressWarnings("unchecked") // the names of JSON's members are strings
  private static Map<String, @Nullable Object> context(AggregatedHttpRequest request) {
    if (request.content().isEmpty()) {
      return Map.of();
    }
    try {
      if (Json.parse(request.contentUtf8()) instanceof Map<?, ?> body) {
        return switch (body.get("context")) {
          case null -> Map.of();
          case Map<?, ?> context -> (Map<String, @Nullable Object>) context;
          case Object _ -> throw Problem.invalid("context", "must be an object");
        };
      }
      throw Problem.invalid("", "the body must be a JSON object");
    } catch (IllegalArgumentException malformed) {
      throw Problem.invalid("", "the body is not JSON: " + malformed.getMessage());
    }
  }

  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw Problem.invalid("key", "is not encoded as URLs are: " + malformed.getMessage());
    }
  }

  private HttpResponse refuse(Asked asked, RuntimeException fault) {
    var refused = OfrepFaultProto.of(fault);
    if (refused.isRefusal()) {
      refusals.refused(
          asked.caller,
          "ofrep.v1" + asked.path(),
          refused.reason(),
          asked.context.clientAddress().getHostAddress());
    }
    var headers = ResponseHeaders.builder(refused.status());
    if (refused.retrySeconds() > 0) {
      headers.set("retry-after", Long.toString(refused.retrySeconds()));
    }
    var key =
        asked.path().startsWith(FLAGS + "/") ? asked.path().substring(FLAGS.length() + 1) : "";
    return json(
        headers.build(), Json.print(OfrepJson.failure(key, refused.code(), refused.message())));
  }

  private static HttpResponse json(ResponseHeaders headers, String body) {
    return HttpResponse.of(
        headers.toBuilder().contentType(MediaType.parse(JSON)).build(), HttpData.ofUtf8(body));
  }

  private static String etag(String text) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return '"'
          + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 16))
          + '"';
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
