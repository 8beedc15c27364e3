package dev.agentserver.gateway.http;

import dev.agentserver.gateway.auth.Credential;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.transcode.route.Route;
import java.util.ArrayList;
import java.util.Optional;

/// The query parameter `ticket`, by which a client proves itself that can send no headers. It is
/// taken by streams that are opened by GET, by what is read through an HTTP door, and nowhere
/// else: a URL is too widely seen for more.
///
/// @param query the rest of the query
record TicketParameter(Optional<Credential.Ticket> ticket, String query) {
  private static final String START = "ticket=";

  static TicketParameter of(Route route, Url url) {
    return route.method().isServerStream() && route.httpMethod().equals("GET")
        ? of(url)
        : none(url);
  }

  /// Where no ticket is taken, the whole query is the service's.
  static TicketParameter none(Url url) {
    return new TicketParameter(Optional.empty(), url.query());
  }

  static TicketParameter of(Url url) {
    Optional<Credential.Ticket> ticket = Optional.empty();
    var rest = new ArrayList<String>();
    for (var entry : url.query().split("&")) {
      if (!entry.startsWith(START)) {
        rest.add(entry);
      } else if (ticket.isPresent()) {
        throw Fault.invalid("ticket", "is twice in the query");
      } else {
        ticket = Optional.of(new Credential.Ticket(entry.substring(START.length()), url.path()));
      }
    }
    return new TicketParameter(ticket, String.join("&", rest));
  }
}
