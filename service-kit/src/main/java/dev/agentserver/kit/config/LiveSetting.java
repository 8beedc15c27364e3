package dev.agentserver.kit.config;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A setting of this process that may change while it runs: what it is called, what it may be, and
/// what it is now. Asking is one read of memory.
///
/// It is what the process's own environment says, or what settings-service says, or its default, in
/// this order.
public final class LiveSetting<T> implements Supplier<T> {
  /// What settings-service is told of a setting.
  ///
  /// @param type as the contract names it, for example INT
  /// @param schema a JSON Schema
  /// @param fallback the default, as a text
  public record Definition(
      String key, String type, String schema, String fallback, String description) {}

  private final Definition definition;
  private final T fallback;
  private final Function<String, Optional<T>> parse;
  private final boolean fixed;
  private volatile T value;

  /// @param parse empty for what is no value
  /// @param own what the environment says; null: nothing
  LiveSetting(
      Definition definition, T fallback, Function<String, Optional<T>> parse, @Nullable T own) {
    this.definition = definition;
    this.fallback = fallback;
    this.parse = parse;
    this.fixed = own != null;
    this.value = own == null ? fallback : own;
  }

  @Override
  public T get() {
    return value;
  }

  public Definition definition() {
    return definition;
  }

  /// Whether the environment says it, so that nothing else counts.
  boolean fixed() {
    return fixed;
  }

  /// Takes what settings-service says; null: nothing, and the default counts.
  ///
  /// @return whether it is a value
  boolean take(@Nullable String text) {
    if (fixed) {
      return true;
    }
    if (text == null) {
      value = fallback;
      return true;
    }
    var parsed = parse.apply(text);
    parsed.ifPresent(each -> value = each);
    return parsed.isPresent();
  }
}
