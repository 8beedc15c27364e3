package dev.agentserver.settings.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.settings.Person;
import dev.agentserver.settings.v1.User;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// What holds when many act at the same time.
class UsersTogetherTest extends UserTest {
  @RepeatedTest(5)
  void ownersWhoRemoveEachOtherLeaveOne() throws Exception {
    var owners = new ArrayList<Person>(List.of(owner));
    for (var i = 0; i < 3; i++) {
      owners.add(service.person(home, "TENANT_OWNER"));
    }
    var calls = new ArrayList<Callable<Code>>();
    for (var i = 0; i < owners.size(); i++) {
      var by = owners.get(i);
      var whom = owners.get((i + 1) % owners.size());
      calls.add(
          switch (i % 3) {
            case 0 -> () -> code(() -> roles(by, whom.id(), "MEMBER"));
            case 1 -> () -> code(() -> delete(by, whom.id()));
            default ->
                () ->
                    code(
                        () ->
                            update(
                                by,
                                whom.id(),
                                User.newBuilder().setState(User.State.STATE_SUSPENDED)));
          });
    }
    assertThat(together(calls))
        .containsOnly(Code.OK, Code.FAILED_PRECONDITION)
        .containsOnlyOnce(Code.FAILED_PRECONDITION);
    assertThat(
            service.column(
                "select count(*) from user_account a join user_role r using (tenant_id, user_id)"
                    + " where tenant_id = '"
                    + home
                    + "' and state = 'ACTIVE' and role_name = 'TENANT_OWNER'"))
        .containsExactly("1");
  }

  @Test
  void ofManyWhoWantOneAddressOneGetsIt() throws Exception {
    var calls =
        IntStream.range(0, 16)
            .<Callable<Code>>mapToObj(
                i ->
                    () ->
                        code(
                            () ->
                                create(
                                    owner,
                                    User.newBuilder()
                                        .setEmail(i % 2 == 0 ? "Ann@x.org" : "ann@X.org"))))
            .toList();
    assertThat(together(calls))
        .containsOnly(Code.OK, Code.ALREADY_EXISTS)
        .containsOnlyOnce(Code.OK);
  }

  @Test
  void changesOfOneUserFollowEachOther() throws Exception {
    var ann = create(owner, User.newBuilder());
    var calls =
        IntStream.range(0, 12)
            .<Callable<Code>>mapToObj(
                i -> () -> code(() -> roles(owner, ann.getId(), i % 2 == 0 ? "ADMIN" : "VIEWER")))
            .toList();
    assertThat(together(calls)).containsOnly(Code.OK);
    assertThat(get(owner, ann.getId()).getRolesList()).hasSize(1);
  }

  private static List<Code> together(List<Callable<Code>> calls) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var codes = new ArrayList<Code>();
      for (var done : threads.invokeAll(calls)) {
        codes.add(done.get());
      }
      return codes;
    }
  }

  private static Code code(Runnable call) {
    try {
      call.run();
      return Code.OK;
    } catch (StatusRuntimeException refused) {
      return refused.getStatus().getCode();
    }
  }
}
