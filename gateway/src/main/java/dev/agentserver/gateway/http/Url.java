package dev.agentserver.gateway.http;

import com.linecorp.armeria.server.ServiceRequestContext;

/// What of a request's URL matters, as it was sent: the server's own idea of it has slashes taken
/// out and escapes written anew.
record Url(String path, String query) {
  static Url of(ServiceRequestContext context) {
    var target = context.rawPath();
    int mark = target.indexOf('?');
    return mark < 0
        ? new Url(target, "")
        : new Url(target.substring(0, mark), target.substring(mark + 1));
  }
}
