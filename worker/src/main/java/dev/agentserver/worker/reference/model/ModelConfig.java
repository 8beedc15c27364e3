package dev.agentserver.worker.reference.model;

import java.net.URI;

/// Where a model is.
///
/// @param url of the endpoint `…/v1/chat/completions`, or of what it lies under, `…/v1`
/// @param key sent as a bearer; empty: none is needed
public record ModelConfig(URI url, String key) {
  private static final String COMPLETIONS = "/chat/completions";

  URI completions() {
    return url.getPath().endsWith(COMPLETIONS) ? url : URI.create(base() + COMPLETIONS);
  }

  /// Which models there are.
  URI models() {
    return URI.create(base() + "/models");
  }

  private String base() {
    var text = url.toString();
    var end = text.endsWith(COMPLETIONS) ? text.length() - COMPLETIONS.length() : text.length();
    return text.substring(0, end).replaceAll("/+$", "");
  }

  /// Without the key.
  @Override
  public String toString() {
    return "ModelConfig[" + url + "]";
  }
}
