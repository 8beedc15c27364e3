package dev.agentserver.kit.grpc;

import build.buf.protovalidate.Validator;
import build.buf.protovalidate.ValidatorFactory;
import build.buf.protovalidate.exceptions.ValidationException;
import build.buf.validate.FieldPath;
import build.buf.validate.FieldPathElement;
import com.google.protobuf.Message;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.Problem.Violation;
import java.util.stream.Collectors;

/// Checks requests against the `buf.validate` rules of their contract. One validator serves the
/// process: it keeps what it compiled of each message.
final class Validation {
  private static final Validator VALIDATOR = ValidatorFactory.newBuilder().build();

  private Validation() {}

  /// Compiles the rules of a message now, so that no call pays for it and a rule that makes no
  /// sense stops the start.
  static void prepare(Message prototype) {
    try {
      VALIDATOR.validate(prototype);
    } catch (ValidationException senseless) {
      throw new IllegalStateException(
          "the rules of " + prototype.getDescriptorForType().getFullName() + " make no sense",
          senseless);
    }
  }

  /// Fails with [Problem.Invalid], which names every field that breaks a rule.
  static void check(Object request) {
    if (!(request instanceof Message message)) {
      return;
    }
    try {
      var result = VALIDATOR.validate(message);
      if (!result.isSuccess()) {
        throw new Problem.Invalid(
                result.toProto().getViolationsList().stream()
                    .map(
                        violation ->
                            new Violation(path(violation.getField()), violation.getMessage()))
                    .toList())
            .raise();
      }
    } catch (ValidationException failed) {
      throw new IllegalStateException(
          "the rules of " + message.getDescriptorForType().getFullName() + " failed", failed);
    }
  }

  private static String path(FieldPath path) {
    return path.getElementsList().stream()
        .map(Validation::element)
        .collect(Collectors.joining("."));
  }

  private static String element(FieldPathElement element) {
    var name = element.getFieldName();
    return switch (element.getSubscriptCase()) {
      case INDEX -> name + "[" + element.getIndex() + "]";
      case STRING_KEY -> name + "[\"" + element.getStringKey() + "\"]";
      case BOOL_KEY -> name + "[" + element.getBoolKey() + "]";
      case INT_KEY -> name + "[" + element.getIntKey() + "]";
      case UINT_KEY -> name + "[" + element.getUintKey() + "]";
      case SUBSCRIPT_NOT_SET -> name;
    };
  }
}
