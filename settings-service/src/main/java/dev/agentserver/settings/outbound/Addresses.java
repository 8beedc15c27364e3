package dev.agentserver.settings.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/// Which addresses are of the public internet. Everything else is inside some network: this
/// machine, its neighbours, the cloud's metadata.
public final class Addresses {
  /// What of IPv4 is not public: IANA's registry of special purposes, multicast, what is reserved,
  /// and a metadata address that lies among the public ones.
  private static final List<Range> CLOSED_4 =
      ranges(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "168.63.129.16/32",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4");

  /// All of IPv6 that is public; mapped, translated, local and multicast addresses lie outside.
  private static final List<Range> OPEN_6 = ranges("2000::/3");

  /// What of that is not: protocol assignments (with Teredo and ORCHID), documentation, 6to4.
  private static final List<Range> CLOSED_6 =
      ranges("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

  private Addresses() {}

  public static boolean isPublic(InetAddress address) {
    if (address instanceof Inet4Address) {
      return CLOSED_4.stream().noneMatch(range -> range.has(address));
    }
    return OPEN_6.stream().anyMatch(range -> range.has(address))
        && CLOSED_6.stream().noneMatch(range -> range.has(address));
  }

  private static List<Range> ranges(String... texts) {
    return Arrays.stream(texts).map(Range::of).toList();
  }

  /// Addresses that begin with the same bits.
  private record Range(byte[] prefix, int bits) {
    static Range of(String text) {
      var parts = text.split("/", 2);
      return new Range(InetAddress.ofLiteral(parts[0]).getAddress(), Integer.parseInt(parts[1]));
    }

    boolean has(InetAddress address) {
      var bytes = address.getAddress();
      if (bytes.length != prefix.length) {
        return false;
      }
      for (var bit = 0; bit < bits; bit++) {
        var mask = 0x80 >> (bit % Byte.SIZE);
        if (((bytes[bit / Byte.SIZE] ^ prefix[bit / Byte.SIZE]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
