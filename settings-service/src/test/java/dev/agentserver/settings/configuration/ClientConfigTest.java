package dev.agentserver.settings.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Structs;
import com.google.protobuf.util.Values;
import dev.agentserver.settings.v1.ClientConfig;
import dev.agentserver.settings.v1.ConfigurationServiceGrpc;
import dev.agentserver.settings.v1.GetClientConfigRequest;
import dev.agentserver.settings.v1.SettingType;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientConfigTest extends ConfigTest {
  @Override
  protected Map<String, String> variables() {
    return Map.of("CONFIG_ENVIRONMENT", "staging");
  }

  @Test
  void whoIsNotSignedInGetsThePublicSettingsInTheJsonOfTheirTypes() {
    var tenant = owner;
    actAs(platform());
    define(definition("site.name", SettingType.SETTING_TYPE_STRING).setPublic(true));
    define(definition("site.limit", SettingType.SETTING_TYPE_INT).setPublic(true));
    define(definition("site.hidden", SettingType.SETTING_TYPE_STRING).setDefaultValue("no"));
    apply(
        change("site.name", "", "Platform"),
        change("site.name", "staging", "Staging"),
        change("site.limit", "", "3"));
    var everybody = get(service.channel(null), "", "");
    assertThat(everybody.getSettings())
        .isEqualTo(Structs.of("site.name", Values.of("Staging"), "site.limit", Values.of(3)));
    assertThat(get(service.channel(null), "", "prod").getSettings().getFieldsOrThrow("site.name"))
        .isEqualTo(Values.of("Platform"));
    actAs(tenant);
    define(
        definition("site.name", SettingType.SETTING_TYPE_STRING)
            .setPublic(true)
            .setDefaultValue("Tenant"));
    define(definition("own", SettingType.SETTING_TYPE_STRING).setDefaultValue("hidden"));
    var theirs = get(service.channel(null), owner.caller().tenantId().toString(), "");
    assertThat(theirs.getSettings())
        .isEqualTo(Structs.of("site.name", Values.of("Tenant"), "site.limit", Values.of(3)));
    // Whether there is such a tenant is not told.
    assertThat(get(service.channel(null), UUID.randomUUID().toString(), "").getSettings())
        .isEqualTo(everybody.getSettings());
  }

  @ParameterizedTest
  @CsvSource({
    "a.example, https, /x/y, https://a.example/x/y",
    "'a.example:8443, proxy', 'https,http', , https://a.example:8443",
    "[::1]:80, , , http://[::1]:80",
    "a.example, gopher, x, http://a.example",
    "a.example/x, https, , ''",
    "'\"><script>', https, , ''",
    ", https, , ''"
  })
  void theBaseUrlIsWhatTheProxiesSay(String host, String proto, String prefix, String url) {
    var headers = new Metadata();
    put(headers, "x-forwarded-host", host);
    put(headers, "x-forwarded-proto", proto);
    put(headers, "x-forwarded-prefix", prefix);
    var channel =
        ClientInterceptors.intercept(
            service.channel(null), MetadataUtils.newAttachHeadersInterceptor(headers));
    assertThat(get(channel, "", "").getBaseUrl()).isEqualTo(url);
  }

  private static void put(Metadata headers, String name, String value) {
    if (value != null) {
      headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    }
  }

  private static ClientConfig get(Channel channel, String tenant, String environment) {
    return ConfigurationServiceGrpc.newBlockingStub(channel)
        .getClientConfig(
            GetClientConfigRequest.newBuilder()
                .setOrganizationId(tenant)
                .setEnvironment(environment)
                .build());
  }
}
