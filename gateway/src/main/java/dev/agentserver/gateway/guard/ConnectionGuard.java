package dev.agentserver.gateway.guard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Stands first on a connection and lets through what is plainly framed, in time and in measure. It
/// changes nothing. Where connections are encrypted it has to stand behind what decrypts them.
public final class ConnectionGuard extends ChannelInboundHandlerAdapter {
  /// GOAWAY with ENHANCE_YOUR_CALM.
  private static final byte[] GO_AWAY = {
    0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0, 0, 0, 11
  };

  private final ConnectionLimits limits;
  private final LongSupplier nanoTime;
  private Framing framing = new Http1Framing();
  private @Nullable Future<?> timer;
  private boolean refused;

  public ConnectionGuard(ConnectionLimits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
  }

  /// Hangs up at once. Whatever else stands on the connection would first wait for its streams.
  public static void cut(Channel channel) {
    channel.pipeline().firstContext().close();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
      return;
    }
    if (refused) {
      bytes.release();
      return;
    }
    var from = bytes.readerIndex();
    var verdict = framing.read(bytes);
    if (verdict == Framing.Verdict.HTTP2) {
      framing = new Http2Framing(limits.controlFramesPerMinute(), limits.streams(), nanoTime);
      verdict = framing.read(bytes);
    }
    if (verdict == Framing.Verdict.GOOD) {
      context.fireChannelRead(bytes.readerIndex(from));
      watch(context);
      return;
    }
    var to = bytes.readerIndex();
    context.fireChannelRead(bytes.readerIndex(from).writerIndex(to));
    refuse(context);
  }

  private void refuse(ChannelHandlerContext context) {
    refused = true;
    stopWatching();
    var refusal = framing.refusal();
    if (refusal.length == 0) {
      context.writeAndFlush(Unpooled.wrappedBuffer(GO_AWAY)).addListener(_ -> context.close());
      return;
    }
    context.fireChannelRead(Unpooled.wrappedBuffer(refusal));
    closeIn(context);
  }

  /// A header that does not arrive as a whole must do so soon.
  private void watch(ChannelHandlerContext context) {
    if (!framing.isInHeader()) {
      stopWatching();
    } else if (timer == null) {
      closeIn(context);
    }
  }

  private void closeIn(ChannelHandlerContext context) {
    timer =
        context
            .executor()
            .schedule(
                () -> {
                  context.close();
                },
                limits.headerTimeout().toNanos(),
                TimeUnit.NANOSECONDS);
  }

  private void stopWatching() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    stopWatching();
    super.channelInactive(context);
  }
}
