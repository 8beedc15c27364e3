package dev.agentserver.gateway.guard;

import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The header of one request, as far as it says where the request ends.
final class Http1Head {
  private static final String HTTP2 = "PRI * HTTP/2.0";
  private static final Pattern FIRST = Pattern.compile("[!-~]+ [!-~]+ HTTP/1\\.([01])");
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,15}");

  private String length = "";
  private String encoding = "";
  private String upgrade = "";
  private int lengths;
  private int encodings;
  private int hosts;
  private int upgrades;
  private boolean isGet;
  private boolean connectionUpgrades;
  private boolean isOld;
  private boolean isHttp2;

  /// Takes the first line.
  ///
  /// @param mayBeHttp2 whether the other protocol may begin here
  boolean start(String line, boolean mayBeHttp2) {
    if (mayBeHttp2 && line.equals(HTTP2)) {
      isHttp2 = true;
      return true;
    }
    var form = FIRST.matcher(line);
    var isGood = form.matches();
    isGet = line.startsWith("GET ");
    isOld = isGood && form.group(1).equals("0");
    return isGood;
  }

  /// Takes a header.
  boolean add(String line) {
    var colon = line.indexOf(':');
    if (colon < 1 || !NAME.matcher(line.substring(0, colon)).matches()) {
      return false;
    }
    var value = line.substring(colon + 1).strip();
    switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
      case "content-length" -> {
        lengths++;
        length = value;
      }
      case "transfer-encoding" -> {
        encodings++;
        encoding = value;
      }
      case "host" -> hosts++;
      case "upgrade" -> {
        upgrades++;
        upgrade = value;
      }
      case "connection" ->
          connectionUpgrades |=
              Stream.of(value.split(","))
                  .anyMatch(each -> each.strip().equalsIgnoreCase("upgrade"));
      case String _ -> {}
    }
    return true;
  }

  /// Takes a trailer, which may not change what is decided.
  boolean addTrailer(String line) {
    return add(line) && encodings == 1 && lengths == 0;
  }

  /// Whether all who read it find the same end.
  boolean isUnequivocal() {
    if (hosts > 1 || lengths + encodings > (isForWebSocket() ? 0 : 1)) {
      return false;
    }
    if (encodings == 1) {
      return !isOld && encoding.equalsIgnoreCase("chunked");
    }
    return lengths == 0 || LENGTH.matcher(length).matches();
  }

  boolean isChunked() {
    return encodings == 1;
  }

  long length() {
    return lengths == 0 ? 0 : Long.parseLong(length);
  }

  /// Whether what follows is HTTP/2.
  boolean isHttp2() {
    return isHttp2;
  }

  /// Whether nothing that follows is a request any more: the server makes a WebSocket of the
  /// connection, or ends it.
  boolean isForWebSocket() {
    return isGet && connectionUpgrades && upgrades == 1 && upgrade.equalsIgnoreCase("websocket");
  }

  boolean asksForHttp2() {
    return upgrade.equalsIgnoreCase("h2c");
  }
}
