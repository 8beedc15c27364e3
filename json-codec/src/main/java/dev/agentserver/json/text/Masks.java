package dev.agentserver.json.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Paths of a google.protobuf.FieldMask: snake_case in the message, camelCase in JSON.
public final class Masks {
  private Masks() {}

  /// The paths that the text names with commas between, each in either spelling; blank ones are
  /// left out.
  public static List<String> lenient(String text) {
    var paths = new ArrayList<String>();
    for (var path : text.split(",")) {
      if (!path.isBlank()) {
        paths.add(snake(Scalars.whole(path.strip())));
      }
    }
    return paths;
  }

  /// The paths that the text names in camelCase; an IllegalArgumentException where one is spelt
  /// otherwise.
  public static List<String> strict(String text) {
    var paths = new ArrayList<String>();
    for (var path : text.split(",")) {
      if (path.indexOf('_') >= 0) {
        throw new IllegalArgumentException("is not a list of paths in camelCase");
      }
      if (!path.isEmpty()) {
        paths.add(snake(Scalars.whole(path)));
      }
    }
    return paths;
  }

  private static String snake(String path) {
    var snake = new StringBuilder(path.length() + 8);
    for (int i = 0; i < path.length(); i++) {
      char letter = path.charAt(i);
      if (letter >= 'A' && letter <= 'Z') {
        snake.append('_').append((char) (letter - 'A' + 'a'));
      } else {
        snake.append(letter);
      }
    }
    return snake.toString();
  }

  /// The path in camelCase; empty where it would not be read as it was, or is not of names: others
  /// disagree on the case of letters that no name has.
  public static Optional<String> camel(String path) {
    var camel = camelAnyway(path);
    boolean exact = camel.indexOf('_') < 0 && snake(camel).equals(path);
    boolean ascii = path.chars().allMatch(letter -> letter < 128);
    return exact && ascii ? Optional.of(camel) : Optional.empty();
  }

  /// The path in camelCase, as well as that goes.
  public static String camelAnyway(String path) {
    var camel = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char letter = path.charAt(i);
      boolean raises =
          letter == '_'
              && i + 1 < path.length()
              && path.charAt(i + 1) >= 'a'
              && path.charAt(i + 1) <= 'z';
      if (raises) {
        camel.append((char) (path.charAt(++i) - 'a' + 'A'));
      } else {
        camel.append(letter);
      }
    }
    return camel.toString();
  }
}
