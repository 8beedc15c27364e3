package dev.agentserver.gateway.filters;

import com.linecorp.armeria.server.ProxiedAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The proxies whose `X-Forwarded-For` is believed. The header grows from left to right, and a
/// client may have begun it as it likes; so the client is the last address in it that is no proxy
/// of ours.
public record TrustedProxies(List<Network> networks) implements Predicate<InetAddress> {
  private static final Pattern FORM = Pattern.compile("([0-9a-fA-F:.]+)(?:/(\\d{1,3}))?");

  public TrustedProxies {
    networks = List.copyOf(networks);
  }

  /// Addresses that begin with the same bits.
  public record Network(InetAddress first, int bits) {
    boolean contains(InetAddress address) {
      var mine = first.getAddress();
      var other = address.getAddress();
      if (mine.length != other.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        var mask = 0x80 >> bit % 8;
        if ((mine[bit / 8] & mask) != (other[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  /// Reads `10.0.0.0/8,192.0.2.7,fd00::/8`; what is wrong in it is an IllegalArgumentException.
  public static TrustedProxies of(String text) {
    return new TrustedProxies(
        Stream.of(text.split(","))
            .map(String::strip)
            .filter(each -> !each.isEmpty())
            .map(TrustedProxies::network)
            .toList());
  }

  private static Network network(String text) {
    var form = FORM.matcher(text);
    if (form.matches()) {
      var address = InetAddress.ofLiteral(form.group(1));
      var most = address.getAddress().length * 8;
      var bits = form.group(2) == null ? most : Integer.parseInt(form.group(2));
      if (bits <= most) {
        return new Network(address, bits);
      }
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is no network; one is 10.0.0.0/8, 192.0.2.7 or fd00::/8");
  }

  @Override
  public boolean test(InetAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  /// The client of a request, of all the addresses that it is said to have come by.
  public InetSocketAddress client(ProxiedAddresses said) {
    var all = new ArrayList<InetSocketAddress>();
    all.add(said.sourceAddress());
    all.addAll(said.destinationAddresses());
    Collections.reverse(all);
    return all.stream()
        .filter(each -> !test(each.getAddress()))
        .findFirst()
        .orElse(said.sourceAddress());
  }
}
