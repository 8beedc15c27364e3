package dev.agentserver.kit.grpc;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.StatusOr;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Resolves `static:host:port[,host:port]`: a list of replicas for installations without a name
/// service. The hosts are looked up each time a connection is made anew.
final class StaticTargets extends NameResolverProvider {
  private static final String SCHEME = "static";
  private static final int PRIORITY = 5;

  @Override
  public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
    return SCHEME.equals(target.getScheme()) ? new Fixed(target.getSchemeSpecificPart()) : null;
  }

  @Override
  public String getDefaultScheme() {
    return SCHEME;
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    // Below dns, which stays the default for targets without a scheme.
    return PRIORITY - 1;
  }

  private static final class Fixed extends NameResolver {
    private final String list;
    private @Nullable Listener2 listener;

    private Fixed(String list) {
      this.list = list;
      addresses(list);
    }

    @Override
    public String getServiceAuthority() {
      return list.split(",", -1)[0];
    }

    @Override
    public void start(Listener2 newListener) {
      this.listener = newListener;
      refresh();
    }

    @Override
    public void refresh() {
      if (listener != null) {
        listener.onResult2(
            ResolutionResult.newBuilder()
                .setAddressesOrError(StatusOr.fromValue(addresses(list)))
                .build());
      }
    }

    @Override
    public void shutdown() {
      listener = null;
    }

    private static List<EquivalentAddressGroup> addresses(String list) {
      var addresses = new ArrayList<EquivalentAddressGroup>();
      for (var address : list.split(",", -1)) {
        var colon = address.lastIndexOf(':');
        try {
          var port = Integer.parseInt(address.substring(colon + 1));
          addresses.add(
              new EquivalentAddressGroup(new InetSocketAddress(address.substring(0, colon), port)));
        } catch (IndexOutOfBoundsException | NumberFormatException malformed) {
          throw new IllegalArgumentException(
              "\"static:" + list + "\" is not of the form static:host:port[,host:port]", malformed);
        }
      }
      return addresses;
    }
  }
}
