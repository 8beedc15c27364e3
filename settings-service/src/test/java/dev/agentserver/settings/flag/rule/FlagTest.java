package dev.agentserver.settings.flag.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.settings.flag.value.Json;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  @Test
  void aFlagWithoutTargetingAnswersItsDefault() {
    var answer = evaluate("{'state':'ENABLED','variants':{'on':true},'defaultVariant':'on'}", "{}");

    assertThat(answer.reason()).isEqualTo(Reason.STATIC);
    assertThat(answer.variant()).contains("on");
    assertThat(answer.value()).isEqualTo(true);
  }

  @Test
  void aFlagThatIsOffHasNoValueAndNoError() {
    var answer =
        evaluate("{'state':'DISABLED','variants':{'on':true},'defaultVariant':'on'}", "{}");

    assertThat(answer.reason()).isEqualTo(Reason.DISABLED);
    assertThat(answer.hasValue()).isFalse();
    assertThat(answer.error()).isEmpty();
  }

  @Test
  void aFlagWithoutADefaultHasNoValueWhereTheTargetingChoosesNothing() {
    var answer = targeting("null", "{'if':[{'==':[{'var':'plan'},'pro']},'on',null]}", "{}");

    assertThat(answer.reason()).isEqualTo(Reason.DEFAULT);
    assertThat(answer.hasValue()).isFalse();
  }

  @Test
  void theTargetingChoosesByTheContext() {
    var rule = "{'if':[{'ends_with':[{'var':'email'},'@x.com']},'on','off']}";

    assertThat(targeting("'off'", rule, "{'email':'a@x.com'}").value()).isEqualTo(true);
    assertThat(targeting("'off'", rule, "{'email':'a@y.com'}").value()).isEqualTo(false);
    assertThat(targeting("'off'", rule, "{}").variant()).contains("off");
  }

  @Test
  void aRuleThatFailsIsAnErrorAndSaysWhy() {
    var answer =
        targeting("'off'", "{'<':[{'var':'age'},{'+':[1,{'var':'name'}]}]}", "{'name':'x'}");

    assertThat(answer.error()).contains(ErrorCode.GENERAL);
    assertThat(answer.message()).isEqualTo("a value is not a number");
    assertThat(answer.hasValue()).isFalse();
  }

  @Test
  void aVariantThatIsNoneIsAnError() {
    var answer = targeting("'off'", "{'cat':['gr',{'var':'end'}]}", "{'end':'een'}");

    assertThat(answer.error()).contains(ErrorCode.GENERAL);
    assertThat(answer.message()).isEqualTo("there is no variant \"green\"");
  }

  @Test
  void rulesThatFlagsShareStandInThePlaceOfTheirReference() {
    var definition =
        parse(
            "{'state':'ENABLED','variants':{'on':true,'off':false},'defaultVariant':'off',"
                + "'targeting':{'if':[{'$ref':'ours'},'on']}}");
    var shared = parse("{'ours':{'in':['@x.com',{'$ref':'mail'}]},'mail':{'var':'email'}}");

    var flag = Flag.of("flag", definition, shared);

    assertThat(flag.evaluate(Map.of("email", "a@x.com"), NOW).value()).isEqualTo(true);
  }

  @Test
  void theTimeAndTheKeyOfTheFlagAreInTheContext() {
    var rule =
        "{'if':[{'and':[{'==':[{'var':'$flagd.timestamp'},1700000000]},"
            + "{'==':[{'var':'$flagd.flagKey'},'flag']}]},'on','off']}";

    assertThat(targeting("'off'", rule, "{}").value()).isEqualTo(true);
  }

  @Test
  void aShareOfTheCallersGetsAVariantAndKeepsIt() {
    var rule = "{'fractional':[['on',25],['off',75]]}";
    var on = 0;
    for (var i = 0; i < 10_000; i++) {
      var context = "{'targetingKey':'user-" + i + "'}";
      var first = targeting("'off'", rule, context);
      assertThat(targeting("'off'", rule, context)).isEqualTo(first);
      on += first.variant().equals(java.util.Optional.of("on")) ? 1 : 0;
    }
    assertThat(on).isBetween(2_350, 2_650);
  }

  @Test
  void aKeyIsHashedAsUtf8() {
    // murmur3_x86_32 of the UTF-8 of "flagé测试" is 0x8c66e934: bucket 54 of 100.
    var theBucket = "{'fractional':[['off',54],['on',1],['off',45]]}";
    var flag =
        Flag.of(
            "flag",
            parse(
                "{'state':'ENABLED','variants':{'on':true,'off':false},'targeting':"
                    + theBucket
                    + "}"),
            Map.of());

    assertThat(flag.evaluate(Map.of("targetingKey", "é测试"), NOW).value()).isEqualTo(true);
  }

  @ParameterizedTest
  @CsvSource({
    "true, BOOLEAN",
    "'\"x\"', STRING",
    "5, INTEGER",
    "5, FLOAT",
    "5.5, FLOAT",
    "{}, OBJECT",
    "[], OBJECT"
  })
  void aValueFitsItsType(String value, Kind kind) {
    assertThat(single(value).expect(kind).error()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"true, STRING", "'\"x\"', BOOLEAN", "5.5, INTEGER", "1e19, INTEGER", "5, OBJECT"})
  void aValueOfAnotherTypeIsAMismatch(String value, Kind kind) {
    var answer = single(value).expect(kind);

    assertThat(answer.error()).contains(ErrorCode.TYPE_MISMATCH);
    assertThat(answer.hasValue()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'variants':{'a':1}} | /state: must be ENABLED or DISABLED",
        "{'state':'ENABLED'} | /variants: must have one variant at least",
        "{'state':'ENABLED','variants':[]} | /variants: must be an object",
        "{'state':'ENABLED','variants':{'a':null}} | /variants/a: must be a boolean",
        "{'state':'ENABLED','variants':{'a':1,'b':'x'}} | /variants/b: must be of the same type",
        "{'state':'ENABLED','variants':{'a':1},'defaultVariant':'b'} | /defaultVariant: must be one",
        "{'state':'ENABLED','variants':{'a':1},'metadata':{'m':[]}} | /metadata/m: must be text",
        "{'state':'ENABLED','variants':{'a':1},'targetting':{}} | /targetting: is no field",
      })
  void aDefinitionThatIsNoFlagIsRefusedWithThePlace(String definition, String problem) {
    assertThatThrownBy(() -> Flag.of("flag", parse(definition), Map.of()))
        .isInstanceOf(InvalidFlag.class)
        .hasMessageStartingWith(problem.strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'nope':[1]} | /targeting/nope: there is no operator \"nope\"",
        "{'if':[{'equals':[1,1]},'a']} | /targeting/if/0/equals: there is no operator \"equals\"",
        "{'==':[1]} | /targeting/==: must be a list of 2 or more",
        "{'and':true} | /targeting/and: must be a list of 1 or more",
        "{'var':'a','==':[1,1]} | /targeting: must have one operator",
        "{'/':[{'var':'a'},0]} | /targeting: a value is not a number",
        "{'$ref':'x'} | /targeting/$ref: there is no evaluator \"x\"",
      })
  void aRuleThatNoValuesMakeSenseOfIsRefusedWithThePlace(String rule, String problem) {
    var definition = "{'state':'ENABLED','variants':{'a':1},'targeting':" + rule + "}";

    assertThatThrownBy(() -> Flag.of("flag", parse(definition), Map.of()))
        .isInstanceOf(InvalidFlag.class)
        .hasMessageStartingWith(problem.strip());
  }

  @Test
  void rulesThatReferToThemselvesAreRefused() {
    var definition =
        parse("{'state':'ENABLED','variants':{'a':1},'targeting':{'if':[{'$ref':'x'},'a']}}");
    var shared = parse("{'x':{'!':{'$ref':'y'}},'y':{'!':{'$ref':'x'}}}");

    assertThatThrownBy(() -> Flag.of("flag", definition, shared))
        .isInstanceOf(InvalidFlag.class)
        .hasMessageContaining("refers to itself");
  }

  @Test
  void everythingThatIsWrongIsToldAtOnce() {
    assertThatThrownBy(() -> Flag.of("flag", parse("{'state':'ON','variants':{}}"), Map.of()))
        .isInstanceOfSatisfying(
            InvalidFlag.class, refused -> assertThat(refused.problems()).hasSize(2));
  }

  private static Resolution single(String value) {
    return evaluate(
        "{'state':'ENABLED','variants':{'v':" + value + "},'defaultVariant':'v'}", "{}");
  }

  private static Resolution targeting(String fallback, String rule, String context) {
    return evaluate(
        "{'state':'ENABLED','variants':{'on':true,'off':false},'defaultVariant':"
            + fallback
            + ",'targeting':"
            + rule
            + "}",
        context);
  }

  private static Resolution evaluate(String definition, String context) {
    return Flag.of("flag", parse(definition), Map.of()).evaluate(parse(context), NOW);
  }

  private static Map<String, @Nullable Object> parse(String json) {
    var fields = new HashMap<String, @Nullable Object>();
    ((Map<?, ?>) Json.parse(json.replace('\'', '"')))
        .forEach((name, value) -> fields.put(name.toString(), value));
    return fields;
  }
}
