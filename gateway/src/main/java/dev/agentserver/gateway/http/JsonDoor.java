package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.gateway.fault.Fault;

/// The door for HTTP with JSON. Which one it is the mode says.
sealed interface JsonDoor permits RestDoor, EnvoyDoor {
  /// Answers; a Fault that is thrown is for [#refuse].
  HttpResponse open(ServiceRequestContext context, HttpRequest request);

  /// A fault of the gateway's own as this door writes it.
  HttpResponse refuse(RequestHeaders headers, Fault fault);
}
